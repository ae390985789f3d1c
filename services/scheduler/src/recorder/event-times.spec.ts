import { describe, expect, it } from '@jest/globals';
import { stageEventSchema } from '#libs/contracts';
import { readFileSync } from 'node:fs';
import { byClockOfBroker } from './event-times.js';

const HOUR = 3_600_000;
const STORED = 1_800_000_000_000;
const done = stageEventSchema.parse(JSON.parse(readFileSync('libs/contracts/golden/stage-event.done.json', 'utf8')));

describe('the times of an event', () => {
  it.each([-HOUR, 0, HOUR])('have the clock of the broker when the clock of the worker is %i ms wrong', (skew) => {
    const started = STORED - 7000 + skew;
    const event = { ...done, times: { ...done.times, started, settled: started + 6500 } };
    const { times } = byClockOfBroker(event, `${STORED}123456`);
    expect({ started: times.started, settled: times.settled }).toEqual({ started: STORED - 6500, settled: STORED });
  });

  it('of an announced call end with its start', () => {
    const event = { ...done, times: { published: 1, started: 2 } };
    expect(byClockOfBroker(event, `${STORED}000000`).times).toEqual({ published: 1, started: STORED });
  });
});
