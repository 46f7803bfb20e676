import type { ConfigReport } from '../config.js';
import { safeText } from '../terminal.js';

/** What the daemon says about its config directory, for a person. */
export function renderConfig({ directory, problems, held }: ConfigReport): string {
  const broken = problems.flatMap(({ file, errors }) => [
    `  ${file}`,
    ...errors.map((error) => `    ${error}`),
  ]);
  const kept = held
    ? [
        'Held modules:',
        ...held.modules.map((name) => `  ${name}`),
        `  ${held.reason}: ${held.message}`,
        '  Bring the files back, or delete these modules with "registrar config confirm-prune"',
      ]
    : ['Held modules:  <none>'];
  return safeText(
    [
      `Directory:     ${directory ?? '<none>'}`,
      ...(broken.length === 0 ? ['Problems:      <none>'] : ['Problems:', ...broken]),
      ...kept,
    ].join('\n'),
  );
}
