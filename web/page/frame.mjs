// What is drawn is drawn once, in a frame, however often it changed; in a hidden tab not at all.

const period = 50; // milliseconds between two drawings of the same: the programs need the time, too

// Returns a function that asks for `draw()` in one of the next frames.
export function onceAFrame(draw) {
  let isAsked = false;
  let last = -Infinity;
  const drawNow = () => {
    isAsked = false;
    last = performance.now();
    draw();
  };
  return () => {
    if (isAsked) return;
    isAsked = true;
    const early = last + period - performance.now();
    if (early <= 0) requestAnimationFrame(drawNow);
    else setTimeout(() => requestAnimationFrame(drawNow), early);
  };
}

// Sets a text only where it differs: a text that is set anew costs a layout.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
