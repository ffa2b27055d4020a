// What shape has a request, and what shape has each failure? (Draws on the canvas; colours follow the theme.)

const MOST_LABELS = 5;
const WORDS = { drop: "dropped", bounce: "refused", fade: "timed out", question: "no such name", deaf: "no DNS server", break: "reset", wall: "no route" };
const NAMES = ["card", "ink", "drop", "on-drop", "warn", "soft"];
const APPS = 10;

export class Brush {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.colours = {};
    this.ratio = 1;
    this.slow = 0;
    this.learnColours();
  }

  /** Reads the theme's colours; call it again when the theme changes. */
  learnColours() {
    const probe = this.canvas.parentElement.appendChild(document.createElement("i"));
    for (const name of [...NAMES, ...Array.from({ length: APPS }, (_, slot) => `app-${slot}`)]) {
      probe.style.color = `var(--${name})`;
      this.colours[name] = getComputedStyle(probe).color;
    }
    probe.remove();
  }

  /** Fits the canvas to its box in CSS pixels; at most two device pixels for one of CSS. */
  resize(width, height) {
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
  }

  begin(origin, crowd) {
    const { context, ratio } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, origin.x * ratio, origin.y * ratio);
    context.globalAlpha = 1;
    this.labels = [];
    this.radius = crowd > 100 ? 3.2 : 4.6;
    this.halo = crowd <= 60;
  }

  dot(x, y, colour) {
    if (this.halo) this.#disc(x, y, this.radius * 2.1, colour, 0.22);
    this.#disc(x, y, this.radius, colour, 1);
    this.#circle(x, y, this.radius + 0.6, "card", 1.2);
  }

  tail(x, y, colour, age) {
    this.#disc(x, y, this.radius * (1 - age * 0.16), colour, 0.34 - age * 0.08);
  }

  ring(x, y, colour) {
    this.#disc(x, y, this.radius - 0.6, "card", 1);
    this.#circle(x, y, this.radius - 0.6, colour, 2);
  }

  /** A failure's mark; `age` runs from 0 to 1. */
  mark(x, y, ending, age) {
    const { context } = this;
    const alpha = age < 0.7 ? 1 : Math.max(0, (1 - age) / 0.3);
    const hollow = ending === "fade";
    this.#disc(x, y, 9.5, hollow ? "card" : "drop", alpha);
    if (hollow) this.#circle(x, y, 9, "warn", 2, alpha);
    context.globalAlpha = alpha;
    context.strokeStyle = context.fillStyle = this.colours[hollow ? "warn" : "on-drop"];
    context.lineWidth = 2.1;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    SHAPES[ending](context, x, y);
    context.stroke();
    this.#label(x, y, WORDS[ending], hollow ? "warn" : "drop");
    context.globalAlpha = 1;
  }

  /** Says in a word what a mark means, unless a word already stands there. */
  #label(x, y, word, colour) {
    if (this.labels.length >= MOST_LABELS || this.labels.some(([lx, ly]) => Math.abs(lx - x) < 60 && Math.abs(ly - y) < 16)) return;
    this.labels.push([x, y]);
    const { context } = this;
    context.font = "600 11px system-ui, sans-serif";
    context.textAlign = "center";
    const width = context.measureText(word).width + 12;
    context.beginPath();
    context.roundRect(x - width / 2, y - 28, width, 17, 8.5);
    context.fillStyle = this.colours.card;
    context.strokeStyle = this.colours[colour];
    context.lineWidth = 1;
    context.fill();
    context.stroke();
    context.fillStyle = this.colours[colour];
    context.fillText(word, x, y - 16);
  }

  #disc(x, y, radius, colour, alpha) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.fillStyle = this.colours[colour];
    context.beginPath();
    context.arc(x, y, radius, 0, 6.2832);
    context.fill();
    context.globalAlpha = 1;
  }

  #circle(x, y, radius, colour, width, alpha = 1) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.strokeStyle = this.colours[colour];
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 6.2832);
    context.stroke();
    context.globalAlpha = 1;
  }
}

const SHAPES = {
  drop: (context, x, y) => lines(context, x, y, [-3.5, -3.5, 3.5, 3.5], [3.5, -3.5, -3.5, 3.5]),
  bounce: (context, x, y) => lines(context, x, y, [-1, -4.5, -4, -1.5, -1, 1.5], [-4, -1.5, 2, -1.5, 4, 0.5, 4, 2, 2, 4, -2, 4]),
  fade: (context, x, y) => lines(context, x, y, [0, -5, 0, 0, 3.5, 2]),
  question: (context, x, y) => lines(context, x, y, [-2.5, -2.5, -1.6, -4.2, 1, -4.6, 2.7, -3, 2, -1, 0, 0.2, 0, 1.6], [0, 4.4, 0, 4.5]),
  deaf: (context, x, y) => lines(context, x, y, [0, -5, 0, 1.2], [0, 4.4, 0, 4.5]),
  break: (context, x, y) => lines(context, x, y, [1.5, -5.5, -2.5, 0.5, 2.5, -0.5, -1.5, 5.5]),
  wall: (context, x, y) => lines(context, x, y, [-4, 0, 4, 0]),
};

function lines(context, x, y, ...strokes) {
  for (const stroke of strokes) {
    context.moveTo(x + stroke[0], y + stroke[1]);
    for (let index = 2; index < stroke.length; index += 2) context.lineTo(x + stroke[index], y + stroke[index + 1]);
  }
}
