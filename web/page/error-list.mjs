// What went wrong: an entry for each kind of error, with the flags that met it, such as
// 'HTTP status 503: BR CN'.

export class ErrorList {
  #list;
  #kinds = new Map();

  constructor(list) {
    this.#list = list;
  }

  clear() {
    this.#kinds.clear();
    this.#list.replaceChildren();
    this.#list.hidden = true;
  }

  // What is said of a flag; an error that is not about a flag has none.
  add(message, code = '') {
    const kind = withoutUrl(message);
    if (!this.#kinds.has(kind)) this.#kinds.set(kind, this.#makeEntry());
    const { entry, codes } = this.#kinds.get(kind);
    if (code) codes.push(code);
    entry.textContent = [kind, codes.join(' ')].filter(Boolean).join(': ');
  }

  #makeEntry() {
    const entry = document.createElement('li');
    this.#list.append(entry);
    this.#list.hidden = false;
    return { entry, codes: [] };
  }
}

// 'GET http://host/br.gif: HTTP status 503' says 'HTTP status 503'.
const withoutUrl = (message) => message.trim().replace(/^(GET )?https?:\S+: /, '');
