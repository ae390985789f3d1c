import { expect, it } from '@jest/globals';
import { RecentActivity } from './recent-activity.js';

const NOW = 1_000_000;
/** What was seen, 500 ms after the start of the clock. */
const seen = (activity: RecentActivity) => activity.seen(NOW, 500);

it('remembers when the recorder and a batch last made progress', () => {
  const activity = new RecentActivity();
  expect(seen(activity).recordedAt).toBe(NOW);
  activity.observeRecorder({ recorded: 7, lag: 3 }, 100);
  activity.observeRecorder({ recorded: 7, lag: 5 }, 200);
  expect(seen(activity).recordedAt).toBe(NOW - 400);
  activity.observeRecorder({ recorded: 7, lag: 0 }, 400);
  expect(seen(activity).recordedAt).toBe(NOW - 100);

  activity.observeBatches([{ batch: 1, version: 4 }], 100);
  activity.observeBatches([{ batch: 1, version: 4 }], 200);
  expect(seen(activity).changedAt).toEqual(new Map([[1, NOW - 400]]));
  activity.observeBatches([{ batch: 1, version: 5 }], 300);
  expect(seen(activity).changedAt).toEqual(new Map([[1, NOW - 200]]));
  activity.observeBatches([], 400);
  expect(seen(activity).changedAt.size).toBe(0);
});

it('remembers since when admission fails', () => {
  const activity = new RecentActivity();
  activity.observeAdmission(new Error('full'), 100);
  activity.observeAdmission(new Error('still full'), 200);
  expect(seen(activity).admissionFailure).toEqual({ since: NOW - 400, sentence: 'still full' });
  activity.observeAdmission(null, 300);
  expect(seen(activity).admissionFailure).toBeNull();
});
