// What a turn costs in the host's own event loop, without spindle: a callback that asks for the next.
// In Node setImmediate (`node turns.mjs` prints nanoseconds), in a page a MessageChannel.

const warmUp = 20_000;
const turns = 100_000;

// open(turn) gives a function that has `turn` called as a task of the event loop.
export function takeTurns(open) {
  return new Promise((resolve) => {
    let left = warmUp + turns;
    let began = 0;
    const schedule = open(() => {
      if (left === turns) began = performance.now();
      if (left-- > 0) schedule();
      else resolve(((performance.now() - began) * 1e6) / turns);
    });
    schedule();
  });
}

export const byMessageChannel = () =>
  takeTurns((turn) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = turn;
    return () => channel.port2.postMessage(0);
  });

if (globalThis.process) console.log(await takeTurns((turn) => () => setImmediate(turn)));
