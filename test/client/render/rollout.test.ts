import { describe, expect, test } from 'vitest';
import {
  evidenceLines,
  renderHistory,
  renderRevision,
  rolloutSection,
} from '../../../src/client/render/rollout.js';
import { NOON } from '../../helpers/builders.js';
import { aReceipt, aRevision, aRolledModule, at, hash } from '../../helpers/rollout-records.js';

const EVIDENCE = {
  ...{ container: 'web-bbbbbbb-0', state: 'exited', health: 'none', exitCode: 3 },
  log: ['starting', 'bo\u001B[31mom'],
};
const FAILED = aReceipt(2, 'b', {
  ...{ from: hash('a'), state: 'RolledBack', reason: 'Crashed', message: 'it exited with code 3' },
  evidence: EVIDENCE,
});
const RECORDS = {
  receipts: [aReceipt(1, 'a', { cause: 'it is new' }), FAILED],
  revisions: [aRevision('a', 1), aRevision('b', 2)],
};
const QUARANTINED = {
  ...{ updatedRevision: hash('b'), rollout: FAILED.spec },
  quarantined: [{ revision: hash('b'), reason: 'Crashed', message: 'it exited', at: at(7) }],
};
const LATER = NOON + 60_000;

test('history has receipts and revisions', () => {
  expect(renderHistory(aRolledModule(QUARANTINED), RECORDS, LATER)).toMatchInlineSnapshot(`
    "Rollouts:
    ROLLOUT   FROM      TO        VERSION   STATE                 AGE   TOOK   ACTOR   CHANGE
    1         <none>    aaaaaaa   1.0.0     Complete              59s   5s     ada     it is new
    2         aaaaaaa   bbbbbbb   1.0.0     RolledBack: Crashed   58s   5s     ada     spec.env[0].value

    Revisions:
    REVISION   HASH      VERSION   COMMIT   IMAGE      AGE   STATE
    1          aaaaaaa   1.0.0     <none>   sample:1   60s   Current
    2          bbbbbbb   1.0.0     <none>   sample:1   60s   Wanted, Quarantined: Crashed"
  `);
});

test('history of a module that has none says so', () => {
  const nothing = { receipts: [], revisions: [] };
  expect(renderHistory(aRolledModule(), nothing, LATER)).toBe(
    'Rollouts:\n<none>\n\nRevisions:\n<none>',
  );
});

describe('a revision', () => {
  test('is told with its changes and what came of it', () => {
    const [, second] = RECORDS.revisions;
    expect(second && renderRevision(second, RECORDS)).toMatchInlineSnapshot(`
      "Module:       web
      Revision:     2
      Hash:         bbbbbbbbbbbbbbbb
      Recorded:     2026-01-01T12:00:00.000Z
      Version:      1.0.0
      Commit:       <none>
      Image:        sample:1
      Digest:       sha256:1
      Template:
        env: [{"name":"A","value":"b"}]
        resources: {"memory":"512Mi","cpus":"1.0","pids":256,"gpus":[]}
        securityContext: {"readOnlyRootFilesystem":true,"addCapabilities":[],"writablePaths":[]}
      Changes from revision 1:
          ~ spec.env[0].value: "a" → "b"
      Rollout 2 from aaaaaaa by ada, start-first (both can run at once): RolledBack
        2026-01-01T12:00:02.000Z to 2026-01-01T12:00:07.000Z
        Crashed: it exited with code 3
        Container web-bbbbbbb-0 was exited with exit code 3, health none; it last printed:
          starting
          bo?[31mom"
    `);
  });

  test('that is the first has none to be compared with', () => {
    const [first] = RECORDS.revisions;
    expect(first && renderRevision(first, RECORDS)).toContain(
      '\nChanges:  no revision before it is recorded\nRollout 1 by ada, start-first',
    );
  });
});

test('evidence shows no control character', () => {
  expect(evidenceLines(EVIDENCE)).toEqual([
    'Container web-bbbbbbb-0 was exited with exit code 3, health none; it last printed:',
    '  starting',
    '  bo?[31mom',
  ]);
  expect(evidenceLines({ ...EVIDENCE, log: [] })).toEqual([
    'Container web-bbbbbbb-0 was exited with exit code 3, health none; it printed nothing',
  ]);
});

test('describe has the last rollouts, what is in quarantine, and why', () => {
  const lines = rolloutSection(aRolledModule(QUARANTINED), RECORDS.receipts, LATER);
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "Rollouts:
      ROLLOUT   FROM      TO        VERSION   STATE                 AGE   TOOK   ACTOR   CHANGE
      1         <none>    aaaaaaa   1.0.0     Complete              59s   5s     ada     it is new
      2         aaaaaaa   bbbbbbb   1.0.0     RolledBack: Crashed   58s   5s     ada     spec.env[0].value
    Quarantined:
      REVISION   REASON    SINCE   MESSAGE
      bbbbbbb    Crashed   53s     it exited
    Evidence:
      Rollout 2 from aaaaaaa by ada, start-first (both can run at once): RolledBack
        2026-01-01T12:00:02.000Z to 2026-01-01T12:00:07.000Z
        Crashed: it exited with code 3
        Container web-bbbbbbb-0 was exited with exit code 3, health none; it last printed:
          starting
          bo?[31mom"
  `);
  expect(rolloutSection(aRolledModule(), [], LATER)).toEqual([]);
});
