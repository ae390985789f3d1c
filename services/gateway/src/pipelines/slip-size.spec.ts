import { describe, expect, it } from '@jest/globals';
import { MAX_SLIP_BYTES, type Slip } from '#libs/contracts';
import { slipBytes } from './slip-size.js';

describe('slipBytes', () => {
  it('is at least the size of the longest slip with the route', () => {
    const route = [
      { app: 'swt-detection_v7-5', parameters: { label: 'Zoë "quoted"', list: [1, 2.5] }, deadline: 3600 },
    ];
    const slip: Slip = {
      v: 1,
      installation: 'f'.repeat(32),
      batch: 2 ** 31,
      run: Number.MAX_SAFE_INTEGER,
      row: 100_000,
      guid: 'g'.repeat(128),
      index: 31,
      generation: 2 ** 31,
      root: '9'.repeat(20),
      route,
      document: { key: 'k'.repeat(200), sha256: 'f'.repeat(64), bytes: Number.MAX_SAFE_INTEGER, encoding: 'identity' },
      trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    expect(slipBytes(route)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(slip)));
  });

  it('counts bytes of parameters, not characters', () => {
    const of = (text: string) => slipBytes([{ app: 'a', parameters: { text }, deadline: 1 }]);
    expect(of('ë'.repeat(10)) - of('e'.repeat(10))).toBe(10);
    expect(of('x'.repeat(MAX_SLIP_BYTES))).toBeGreaterThan(MAX_SLIP_BYTES);
  });
});
