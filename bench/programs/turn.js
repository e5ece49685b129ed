/* For turn.c (--js-library): after each turn another is asked for, as sp__js_wake does. */
mergeInto(LibraryManager.library, {
  take_turns__deps: ['$spindle'],
  take_turns: function (warmUp, count) {
    const turn = spindle.turn;
    let left = warmUp + count;
    let began = 0;
    function install(next) {
      spindle.turn = next;
      if (spindle.channel) spindle.channel.port1.onmessage = next;
    }
    install(function () {
      turn();
      if (left === count) began = performance.now();
      if (left-- > 0) return spindle.schedule();
      install(turn);
      _turns_taken(((performance.now() - began) * 1e6) / count);
    });
    spindle.schedule();
  },
});
