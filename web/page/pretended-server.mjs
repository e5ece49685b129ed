// DELAY and ERROR where there are no such servers: a fetch that waits, and answers some requests with
// an error, before it takes the file from the folder local/ beside the page.

const slowPath = /\/(delay|error)\/([a-z]+\/[^/]*)$/;

// A function like fetch. `delay` is [shortest, longest] in seconds, `errorShare` from 0 to 1.
export function pretend({ delay: [shortest, longest], errorShare }) {
  return async (request, init) => {
    const asked = new Request(request, init);
    const [, server, file] = slowPath.exec(asked.url) ?? [];
    if (!server) return fetch(asked);
    await wait(shortest + Math.random() * (longest - shortest), asked.signal);
    if (server === 'error' && Math.random() < errorShare) {
      return new Response('An error that this page has made.', { status: 503 });
    }
    return fetch(new Request(asked.url.replace(slowPath, `/local/${file}`), asked));
  };
}

function wait(seconds, signal) {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
