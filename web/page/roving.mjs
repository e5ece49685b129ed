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

  // The button is about to go: if it has the focus, its neighbour gets it.
  leave(button) {
    if (button !== document.activeElement) return;
    const buttons = this.#buttons();
    const at = buttons.indexOf(button);
    (buttons[at + 1] ?? buttons[at - 1])?.focus();
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
    const next = {
      Home: buttons[0],
      End: buttons.at(-1),
      [event.key in steps ? event.key : '']: buttons[at + steps[event.key]],
    }[event.key];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }
}
