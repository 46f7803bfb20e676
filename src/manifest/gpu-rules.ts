import { duplicates, forbidden, type Rule } from './rule.js';

const PATH = ['spec', 'resources', 'gpus'];

/** What must hold of GPUs: a container has those it names to itself. */
export const GPU_RULES: readonly Rule[] = [
  {
    reads: ['spec.resources'],
    find: ({ spec }) =>
      duplicates(spec.resources.gpus.map((value, index) => ({ path: [...PATH, index], value }))),
  },
  {
    reads: ['spec.resources', 'spec.replicas'],
    find: ({ spec: { resources, replicas } }) => {
      if (replicas <= 1 || resources.gpus.length === 0) return [];
      const sentence = 'only one container can have a GPU: set spec.replicas to 1';
      return [forbidden(PATH, `${sentence}, or make a module for each GPU`)];
    },
  },
];
