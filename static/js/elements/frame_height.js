// How high would this frame be if nothing in it had to scroll? (Told again when that changes; what the frame then gets does not change it.)

const LEAST = 420;
const MOST = 1400;
const LESS_THAN_THIS_IS_NOTHING = 8;

/** Calls `tell(height)` in CSS pixels. */
export function watchHeight(tell) {
  const stage = document.querySelector(".stage");
  if (!stage) return;
  let told = 0;
  const measure = () => {
    const height = Math.round(Math.max(LEAST, Math.min(MOST, naturalHeight(stage))));
    if (Math.abs(height - told) < LESS_THAN_THIS_IS_NOTHING) return;
    told = height;
    tell(height);
  };
  const observer = new ResizeObserver(measure);
  for (const part of [stage, ...stage.children]) observer.observe(part);
  new MutationObserver(measure).observe(stage, { childList: true, subtree: true });
  measure();
}

/** All that is around the yard's stage, and what is on it: a Node's box grows with the room it has, so its content counts. */
function naturalHeight(stage) {
  const scroller = stage.parentElement;
  const top = stage.getBoundingClientRect().top;
  const bottoms = [...stage.querySelectorAll(".services, .outside, .tray:not([hidden]), .node > *")].map((part) => part.getBoundingClientRect().bottom - top);
  const padding = 28;
  return innerHeight - scroller.clientHeight + Math.max(0, ...bottoms) + padding;
}
