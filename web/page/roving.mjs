// A list of buttons as one stop of the Tab key: arrows, Home and End lead from button to button.

const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class RovingFocus {
  #list;
  #current = null;

  constructor(list) {
    this.#list = list;
    list.addEventListener('keydown', (event) => this.#move(event));
    list.addEventListener('focusin', (event) => this.#take(event.target.closest('button')));
  }

  // To be called when buttons came or went.
  update() {
    if (this.#current?.isConnected) return;
    this.#current = null;
    this.#take(this.#list.querySelector('button'));
  }

  // The button is about to go: if it has the focus, its neighbour gets it, or what can be chosen above.
  leave(button) {
    if (button !== document.activeElement) return;
    const buttons = this.#buttons();
    const at = buttons.indexOf(button);
    const above = this.#list.closest('section')?.querySelector('select');
    (buttons[at + 1] ?? buttons[at - 1] ?? above)?.focus();
  }

  #buttons() {
    return [...this.#list.querySelectorAll('button')];
  }

  #take(button) {
    if (!button || button === this.#current) return;
    this.#current?.setAttribute('tabindex', '-1');
    this.#current = button;
    button.setAttribute('tabindex', '0');
  }

  #move(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(event.target.closest('button'));
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = buttonFor(event.key, buttons, at);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

function buttonFor(key, buttons, at) {
  if (key === 'Home') return buttons[0];
  return key === 'End' ? buttons.at(-1) : buttons[at + steps[key]];
}
