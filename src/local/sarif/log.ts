import type { Invocation, Log, Notification } from 'sarif';
import type { ManifestProblem } from '../../manifest/parse.js';
import { blocks } from '../../model/verdict.js';
import type { Verification } from '../verify/verify.js';
import { artifactAt } from './artifact.js';
import { notificationsOf, resultsOf } from './results.js';
import { RULES } from './rules.js';

/** As the standard names it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. */
const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What was found as a log of SARIF 2.1.0, which code hosts show beside the code. */
export function sarifLog(verification: Verification, version: string): Log {
  const driver = { name: 'Registrar', version, semanticVersion: version, rules: [...RULES] };
  return {
    version: '2.1.0',
    $schema: SCHEMA,
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(verification)],
        results: verification.modules.flatMap(resultsOf),
      },
    ],
  };
}

function invocationOf({ modules, problems }: Verification): Invocation {
  const missed = modules.some(({ report }) =>
    report.spec.results.some((one) => one.result === 'notVerified' && blocks(one)),
  );
  return {
    executionSuccessful: problems.length === 0 && !missed,
    toolExecutionNotifications: [
      ...problems.map(problemNotification),
      ...modules.flatMap(notificationsOf),
    ],
  };
}

/** A text that is no manifest was not looked at by any check. */
const problemNotification = ({
  file,
  line,
  column,
  path,
  message,
}: ManifestProblem): Notification => ({
  level: 'error',
  message: { text: path === '' ? message : `${path}: ${message}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: artifactAt(file),
        region: { startLine: line, startColumn: column },
      },
    },
  ],
});
