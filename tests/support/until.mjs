// Waiting in a test for something to become true, within a limit.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

export async function until(isTrue, what, seconds = 5) {
  const deadline = performance.now() + seconds * 1000;
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, `waited ${seconds} s in vain for: ${what}`);
    await sleep(2);
  }
}
