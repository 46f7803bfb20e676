import Type from 'typebox';
import type { Static } from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';

const Text = (description: string) => Type.String({ description });
const closed = <P extends Record<string, Type.TSchema>>(properties: P, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

const RunningSchema = closed({ startedAt: Text('RFC 3339') }, 'Since when it runs');
const WaitingSchema = closed(
  { reason: Text('CamelCase, for machines'), message: Type.Optional(Text('Why, in a sentence')) },
  'Why it does not run',
);
const TerminatedSchema = closed(
  {
    exitCode: Type.Integer({ description: 'What it exited with' }),
    reason: Text('CamelCase, for machines'),
    message: Type.Optional(Text('What the engine said')),
    finishedAt: Text('RFC 3339'),
  },
  'How it ended',
);
const StateSchema = closed(
  {
    running: Type.Optional(RunningSchema),
    waiting: Type.Optional(WaitingSchema),
    terminated: Type.Optional(TerminatedSchema),
  },
  'What a container does: exactly one of them, or none for the state before the first run',
);

const ContainerStateSchema = closed(
  {
    name: Text('Name of the container'),
    ready: Type.Boolean({ description: 'Runs and is healthy' }),
    started: Type.Boolean({ description: 'Runs' }),
    restartCount: Type.Integer({ description: 'Restarts by the engine and by Registrar' }),
    image: Text('Image that it was made from'),
    imageID: Text('Id of the image in the engine'),
    containerID: Text('Id of the container, docker://…'),
    state: StateSchema,
    lastState: StateSchema,
  },
  'State of a container',
);

const PodConditionSchema = closed(
  {
    type: Type.Literal('Ready', { description: 'What it is about' }),
    status: Type.Enum(['True', 'False', 'Unknown'], {
      type: 'string',
      description: 'Whether it holds',
    }),
  },
  'Something that holds, or does not',
);

/** A core/v1 Pod, the part of it that says something of a container. */
export const PodSchema = closed(
  {
    apiVersion: Type.Literal('v1', { description: 'Group and version of the kind' }),
    kind: Type.Literal('Pod', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: closed(
      {
        containers: Type.Array(
          closed({ name: Text('Name of the container'), image: Text('Its image') }, 'A container'),
          { description: 'The one container' },
        ),
        nodeName: Text('The machine'),
      },
      'What runs',
    ),
    status: closed(
      {
        phase: Type.Enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'], {
          type: 'string',
          description: 'One-word summary',
        }),
        startTime: Type.Optional(Text('When the container was last started, RFC 3339')),
        conditions: Type.Array(PodConditionSchema, { description: 'Whether it is ready' }),
        containerStatuses: Type.Array(ContainerStateSchema, { description: 'The one container' }),
      },
      'What the container does',
    ),
  },
  'A container of a module, in the form that tools for pods know',
);

type PodFields = Static<typeof PodSchema>;

/** A Pod as stored. */
export interface Pod extends Omit<PodFields, 'metadata'> {
  readonly metadata: StoredMeta;
}

export type ContainerState = Static<typeof StateSchema>;
export type PodPhase = PodFields['status']['phase'];
