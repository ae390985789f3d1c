import type { Settlement, StageMessage } from '../history.js';
import { stageName } from './stage-name.js';

/** Stage messages with another document than the previous stage settled in their lineage. */
export function wronglyForwarded(messages: readonly StageMessage[], settlements: readonly Settlement[]): string[] {
  const settled = new Map(settlements.map(({ run, index, root, document }) => [`${run}/${index}/${root}`, document]));
  return messages.flatMap((message) => {
    const expected = settled.get(`${message.run}/${message.index - 1}/${message.root}`);
    if (expected === undefined || expected === message.document) return [];
    return [`${stageName(message)} received ${message.document}, but the previous stage settled ${expected}`];
  });
}
