import { expect, test } from 'vitest';
import type { Candidate } from '../../../src/model/updates-status.js';
import { chooseUpdate } from '../../../src/plan/updates/choose.js';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const candidate: Candidate = {
  ...{ id: 'b', name: 'refs/heads/main', version: '1.0.0+b', firstSeenAt: '2026-01-05T10:00:00Z' },
};
const rules = {
  ...{ cooldownMs: 0, window: undefined, urgent: 'b', quarantined: new Set(['b']) },
};

test('says which one is not taken up because it failed here before', () => {
  expect(chooseUpdate([candidate], rules, NOW)).toEqual({ held: { candidate }, isUrgent: false });
  const newer = { ...candidate, id: 'c' };
  expect(chooseUpdate([candidate, newer], rules, NOW)).toMatchObject({ next: newer });
});
