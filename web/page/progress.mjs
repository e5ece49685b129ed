// How far a run is: a bar, a count and a clock.

export class Progress {
  #bar;
  #count;
  #clock;

  constructor(element) {
    this.#bar = element.querySelector('[role=progressbar]');
    this.#count = element.querySelector('.count');
    this.#clock = element.querySelector('[role=timer]');
  }

  show(done, all) {
    const text = `${done} of ${all}`;
    this.#bar.setAttribute('aria-valuemax', all);
    this.#bar.setAttribute('aria-valuenow', done);
    this.#bar.setAttribute('aria-valuetext', text);
    this.#bar.style.setProperty('--share', done / all);
    this.#count.textContent = text;
  }

  showTime(seconds) {
    this.#clock.textContent = `${seconds.toFixed(1)} s`;
  }
}
