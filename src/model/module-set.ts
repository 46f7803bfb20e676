import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';
import { ConditionSchema } from './condition.js';
import { keyedBy } from './list-types.js';
import { ObjectMetaSchema } from './meta.js';
import type { StoredMeta } from './meta.js';
import { ModuleSpecSchema } from './module.js';
import { API_VERSION } from './names.js';
import { templateSchema } from './template-schema.js';

/** Most modules of a set: far more than a host runs, few enough to be checked at once. */
export const MAX_INSTANCES = 256;

/** What a value may be: a number or a switch where the field is one, else a text. */
const ValueSchema = Type.Union([Type.String({ maxLength: 256 }), Type.Number(), Type.Boolean()]);

const ValuesSchema = (description: string) =>
  Type.Optional(Type.Record(Type.String(), ValueSchema, { maxProperties: 64, description }));

const InstanceSchema = closed({
  name: Type.String({
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    maxLength: 59,
    description: 'Name of the instance, once in the list; its module is named <set>-<name>',
    'x-expected': 'lower-case letters, digits and "-", with a letter or digit at both ends',
  }),
  values: ValuesSchema('What its placeholders stand for'),
});

const RangeSchema = closed({
  name: Type.String({ maxLength: 63, description: 'Name of the placeholder' }),
  from: Type.Integer({ minimum: -1e9, maximum: 1e9, description: 'Value of the first replica' }),
  step: Type.Integer({
    default: 1,
    minimum: -1e6,
    maximum: 1e6,
    description: 'What each further replica adds',
  }),
});

const RolloutSchema = closed(
  {
    maxUnavailable: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: MAX_INSTANCES,
      description: 'How many modules are changed at once',
    }),
    bakeSeconds: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 86400,
      description: 'How long a changed module must be well before the next one is changed',
    }),
    progressDeadlineSeconds: Type.Integer({
      default: 600,
      minimum: 1,
      maximum: 86400,
      description: 'A changed module that is not well after this time has failed',
    }),
    updates: Type.Enum(['Each', 'OneFirst'], {
      type: 'string',
      default: 'Each',
      description: 'Whether each module takes up what it follows by itself, or one of them first',
    }),
    paused: Type.Boolean({ default: false, description: 'Change no further module' }),
  },
  { default: {}, description: 'How a change of the template reaches the modules' },
);

const TemplateMetaSchema = Type.Object(
  {
    labels: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Labels of each module' }),
    ),
    annotations: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Annotations of each module' }),
    ),
  },
  { additionalProperties: false, description: 'Metadata of each module' },
);

const TemplateSchema = closed(
  {
    metadata: Type.Optional(TemplateMetaSchema),
    spec: Type.Unsafe<Readonly<Record<string, unknown>>>(templateSchema(ModuleSpecSchema)),
  },
  { description: 'A Module in which ${placeholders} stand for the values of an instance' },
);

export const ModuleSetSpecSchema = closed(
  {
    replicas: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_INSTANCES,
        description: 'How many modules, named <set>-0 and so on; either this or instances',
      }),
    ),
    ranges: Type.Optional(
      Type.Array(RangeSchema, {
        maxItems: 64,
        description: 'Numbers that count with the replicas, such as ports',
        ...keyedBy('name'),
      }),
    ),
    instances: Type.Optional(
      Type.Array(InstanceSchema, {
        maxItems: MAX_INSTANCES,
        description: 'The modules by name, each with its values; either this or replicas',
        ...keyedBy('name'),
      }),
    ),
    values: ValuesSchema('What placeholders stand for where an instance says nothing else'),
    template: TemplateSchema,
    rollout: RolloutSchema,
  },
  { description: 'Many modules from one template' },
);

const InstanceStatusSchema = closed({
  name: Type.String({ description: 'Name of the instance' }),
  module: Type.String({ description: 'Name of its module' }),
  phase: Type.String({
    description: 'Phase of the module; Missing, or Conflict when another one has the name',
  }),
  ready: Type.Boolean({ description: 'Whether the module is Ready' }),
  updated: Type.Boolean({ description: 'Whether the module is as the template says now' }),
  revision: Type.Optional(Type.String({ description: 'Revision of the module' })),
  template: Type.Optional(
    Type.String({ description: 'Hash over what the module was last made or changed to' }),
  ),
  updatedAt: Type.Optional(Type.String({ description: 'When that was; RFC 3339' })),
  readyBefore: Type.Optional(
    Type.Boolean({ description: 'Whether it was well before that, or has been since' }),
  ),
  settledAt: Type.Optional(
    Type.String({ description: 'Since when it is well with that; RFC 3339' }),
  ),
});

export const ModuleSetStatusSchema = closed(
  {
    observedGeneration: Type.Integer({ description: 'Generation that this is about' }),
    conditions: Type.Array(ConditionSchema, {
      description: 'What is true of the set, and since when',
      ...keyedBy('type'),
    }),
    replicas: Type.Integer({ description: 'Modules that exist' }),
    readyReplicas: Type.Integer({ description: 'Modules that are Ready' }),
    updatedReplicas: Type.Integer({ description: 'Modules that are as the template says now' }),
    selector: Type.String({ description: 'Label selector of the modules and their pods' }),
    instances: Type.Array(InstanceStatusSchema, { description: 'One entry an instance' }),
  },
  { description: 'What was observed; written by the controller only' },
);

/** The ModuleSet kind: many near-identical modules. */
export const ModuleSetSchema = closed({
  apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
  kind: Type.Literal('ModuleSet', { description: 'Kind of the object' }),
  metadata: ObjectMetaSchema,
  spec: ModuleSetSpecSchema,
  status: Type.Optional(ModuleSetStatusSchema),
});

export type ModuleSetSpec = Static<typeof ModuleSetSpecSchema>;
export type ModuleSetManifest = Static<typeof ModuleSetSchema>;
export type ModuleSetStatus = Static<typeof ModuleSetStatusSchema>;
export type InstanceStatus = Static<typeof InstanceStatusSchema>;
export type Value = Static<typeof ValueSchema>;

/** A ModuleSet as stored. */
export interface ModuleSet extends Omit<ModuleSetManifest, 'metadata' | 'status'> {
  metadata: StoredMeta;
  status: ModuleSetStatus;
}

/** How many modules a set wants. */
export const wantedReplicas = ({ replicas, instances }: ModuleSetSpec): number =>
  instances?.length ?? replicas ?? 0;
