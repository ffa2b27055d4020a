// How high would this frame be if nothing in it had to scroll? (Told again when that changes; what the frame then gets does not change it.)

const LEAST = 420;
const MOST = 1400;
const LESS_THAN_THIS_IS_NOTHING = 8;
const BELOW_THE_NODES = 28;

/** Calls `tell(height)` in CSS pixels. */
export function watchHeight(tell) {
  const stage = document.querySelector(".stage");
  const lesson = document.getElementById("lesson");
  let told = 0;
  const measure = () => {
    const wanted = Math.max(yardWants(stage), lessonWants(lesson));
    if (!wanted) return; // another pane shows
    const height = Math.round(Math.max(LEAST, Math.min(MOST, wanted)));
    if (Math.abs(height - told) < LESS_THAN_THIS_IS_NOTHING) return;
    told = height;
    tell(height);
  };
  const sizes = new ResizeObserver(measure);
  for (const part of [stage, ...stage.children, lesson]) if (part) sizes.observe(part);
  const changes = new MutationObserver(measure);
  for (const part of [stage, lesson]) if (part) changes.observe(part, { childList: true, subtree: true });
  measure();
}

/** All that is around the yard's stage, and what is on it: a Node's box grows with the room it has, so its content counts. */
function yardWants(stage) {
  const room = stage.parentElement.clientHeight;
  if (!room) return 0;
  const top = stage.getBoundingClientRect().top;
  const bottoms = [...stage.querySelectorAll(".services, .outside, .tray:not([hidden]), .node > *")].map((part) => part.getBoundingClientRect().bottom - top);
  return innerHeight - room + Math.max(0, ...bottoms) + BELOW_THE_NODES;
}

function lessonWants(lesson) {
  return lesson?.clientHeight ? innerHeight - lesson.clientHeight + lesson.scrollHeight : 0;
}
