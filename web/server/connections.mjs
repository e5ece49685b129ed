// Requests that wait in one connection: a client may send more before the first is answered.

const limit = 64;

// The functions to be called when the connection goes, by its socket.
const waiting = new WeakMap();

// Whether as many wait as may.
export const isFull = (socket) => (waiting.get(socket)?.size ?? 0) >= limit;

// Calls `tell` if the connection closes before the function that it returns is called. A connection is
// listened to once, however many wait in it.
export function whenGone(socket, tell) {
  let those = waiting.get(socket);
  if (!those) {
    those = new Set();
    waiting.set(socket, those);
    socket.once('close', () => those.forEach((one) => one()));
  }
  those.add(tell);
  return () => those.delete(tell);
}
