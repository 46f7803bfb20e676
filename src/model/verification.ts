import Type from 'typebox';
import type { Static } from 'typebox';

/** How bad it is when a check finds something, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a finding of a check comes to: it blocks the new revision, is told, or is not looked for. */
export const MODES = ['enforce', 'warn', 'off'] as const;
export type Mode = (typeof MODES)[number];

/** What a check looks at. Each is looked at as soon as it is there: the manifest before the source. */
export const SUBJECTS = ['manifest', 'commit', 'tree', 'image'] as const;
export type Subject = (typeof SUBJECTS)[number];

/**
 * What a check came to. `notVerified` is one that could not look, which is never taken for passed;
 * `notApplicable` one that has nothing to look at.
 */
export const RESULTS = ['passed', 'failed', 'notVerified', 'notApplicable'] as const;

const Text = (description: string) => Type.String({ description });
const Position = (description: string) => Type.Integer({ minimum: 1, description });

/** One thing that a check found. No secret is ever in it. */
export const ProblemSchema = Type.Object(
  {
    message: Text('What is wrong, in a sentence'),
    field: Type.Optional(Text('Field of the manifest, such as spec.ports[0].hostPort')),
    file: Type.Optional(Text('File of the source, from its root')),
    line: Type.Optional(Position('Line in the file, from 1')),
    column: Type.Optional(Position('Column in the line, from 1')),
  },
  { additionalProperties: false, description: 'One thing that a check found' },
);

export const CheckResultSchema = Type.Object(
  {
    check: Text('Stable id of the check'),
    title: Text('What must hold'),
    severity: Type.Enum([...SEVERITIES], { type: 'string', description: 'How bad a finding is' }),
    mode: Type.Enum([...MODES], { type: 'string', description: 'What a finding comes to' }),
    result: Type.Enum([...RESULTS], { type: 'string', description: 'What it came to' }),
    reason: Type.Optional(Text('Why it could not look, or has nothing to look at')),
    problems: Type.Array(ProblemSchema, { description: 'What it found, the first of them' }),
    omitted: Type.Optional(Type.Integer({ description: 'Findings beside those in the list' })),
    remedy: Type.Optional(Text('What to do about a finding')),
  },
  { additionalProperties: false, description: 'What one check came to' },
);

/** What a check found: a place in the manifest or in a file, and a sentence. */
export type Problem = Static<typeof ProblemSchema>;
export type CheckResult = Static<typeof CheckResultSchema>;
