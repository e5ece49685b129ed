// The buttons of a panel that runs one program at a time. A button that is off stays focusable, so
// that nobody who works with the keyboard loses the place; `aria-disabled` says that it is off.

// `start()` begins a run and gives { ended, cancel() }, where `ended` never fails, or null if there is
// nothing to begin.
// Returns a function that does what the start button does.
export function connectRunButtons(section, start) {
  const startButton = section.querySelector('[data-action=start]');
  const cancelButton = section.querySelector('[data-action=cancel]');
  let run = null;

  function show() {
    setEnabled(startButton, run === null);
    if (cancelButton) setEnabled(cancelButton, run !== null && !run.isCancelled);
  }

  async function startUnlessRunning() {
    if (run) return;
    const started = start();
    if (!started) return;
    run = { started, isCancelled: false };
    show();
    await started.ended;
    run = null;
    show();
  }

  function cancelOnce() {
    if (!run || run.isCancelled) return;
    run.isCancelled = true;
    show();
    run.started.cancel();
  }

  onPress(startButton, startUnlessRunning);
  if (cancelButton) onPress(cancelButton, cancelOnce);
  show();
  return startUnlessRunning;
}

// Enter in a form presses its submit button, so a click says it all; the form itself is never sent.
function onPress(button, action) {
  button.form?.addEventListener('submit', (event) => event.preventDefault());
  button.addEventListener('click', action);
}

function setEnabled(button, isEnabled) {
  button.setAttribute('aria-disabled', String(!isEnabled));
}
