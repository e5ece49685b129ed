/* Turns, a library for Emscripten's linker: which requests begin at once where there is a limit,
 * and which wait.
 *
 * A `limits` has most and mostPerHost (0: none). A request does not wait for those of a host that
 * is full. Where hosts have a limit each has a queue, so that no more of them are looked at than
 * may begin. */
const spindleTurnsLibrary = {
  $spindleTurns: {
    limits: function (most, mostPerHost) {
      return { most: most, mostPerHost: mostPerHost, running: 0, arrivals: 0, queues: new Map() };
    },

    queueOf: function (limits, host) {
      const name = limits.mostPerHost ? host : '';
      const present = limits.queues.get(name);
      if (present) return present;
      const made = { name: name, running: 0, first: null, last: null };
      limits.queues.set(name, made);
      return made;
    },

    // Calls begin() when it is its turn, at once if nothing is in the way; never, once
    // signal.aborted is set. The returned turn must be left in any case.
    take: function (limits, host, signal, begin) {
      const queue = spindleTurns.queueOf(limits, host);
      const turn = {
        limits: limits,
        queue: queue,
        signal: signal,
        begin: begin,
        next: null, // in the queue
        number: limits.arrivals++, // in the order of arrival
        running: false,
      };
      if (queue.first) queue.last.next = turn;
      else queue.first = turn;
      queue.last = turn;
      return turn;
    },

    shift: function (queue) {
      const turn = queue.first;
      queue.first = turn.next;
      turn.next = null; // a request that runs for long keeps no later one in memory
      if (!queue.first) queue.last = null;
    },

    // The first that waits in a queue, unless its host is full.
    firstOf: function (limits, queue) {
      while (queue.first && queue.first.signal.aborted) spindleTurns.shift(queue);
      if (!queue.first && queue.running === 0) limits.queues.delete(queue.name);
      return limits.mostPerHost && queue.running >= limits.mostPerHost ? null : queue.first;
    },

    // The request that begins next, if any may. Without a limit for all only the queue that changed
    // matters.
    nextOf: function (limits, changed) {
      if (!limits.most) return spindleTurns.firstOf(limits, changed);
      if (limits.running >= limits.most) return null;
      let next = null;
      limits.queues.forEach(function (queue) {
        const first = spindleTurns.firstOf(limits, queue);
        if (first && (!next || first.number < next.number)) next = first;
      });
      return next;
    },

    admit: function (limits, changed) {
      for (;;) {
        const turn = spindleTurns.nextOf(limits, changed);
        if (!turn) return;
        spindleTurns.shift(turn.queue);
        turn.queue.running++;
        limits.running++;
        turn.running = true;
        turn.begin();
      }
    },

    leave: function (turn) {
      if (turn.running) {
        turn.limits.running--;
        turn.queue.running--;
        turn.running = false;
      }
      spindleTurns.admit(turn.limits, turn.queue);
    },
  },
};

mergeInto(LibraryManager.library, spindleTurnsLibrary);
