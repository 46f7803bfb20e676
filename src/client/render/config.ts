import { keyText } from '../../model/kinds.js';
import type { ConfigReport } from '../config.js';
import { safeText } from '../terminal.js';

/** What the daemon says about its config directory, for a person. */
export function renderConfig({ directory, problems, held, policyProblem }: ConfigReport): string {
  const broken = problems.flatMap(({ file, errors }) => [
    `  ${file}`,
    ...errors.map((error) => `    ${error}`),
  ]);
  const kept = held
    ? [
        'Held:',
        ...held.objects.map((object) => `  ${keyText(object)}`),
        `  ${held.reason}: ${held.message}`,
        '  Bring the files back, or delete these with "registrar config confirm-prune"',
      ]
    : ['Held:          <none>'];
  return safeText(
    [
      `Directory:     ${directory ?? '<none>'}`,
      ...(broken.length === 0 ? ['Problems:      <none>'] : ['Problems:', ...broken]),
      ...kept,
      ...(policyProblem === undefined ? [] : ['Policies:', `  ${policyProblem}`]),
    ].join('\n'),
  );
}
