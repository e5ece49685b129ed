// Elapsed seconds, counted in an element.

const tick = 100;

// Returns a function that stops the watch.
export function startStopwatch(element) {
  const began = performance.now();
  const show = () => {
    element.textContent = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  };
  const timer = setInterval(show, tick);
  show();
  return () => {
    clearInterval(timer);
    show();
  };
}
