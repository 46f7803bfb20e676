import { describe, expect, it } from 'vitest';
import { graphOf } from '../../src/client/graph.js';
import { graphDot, graphText } from '../../src/client/render/graph.js';
import type { Module } from '../../src/model/module.js';
import { aSpec } from '../helpers/builders.js';

type Needs = Module['spec']['dependsOn'];

const aModule = (name: string, dependsOn: Needs = [], isReady = true): Module =>
  ({
    metadata: { name, generation: 1 },
    spec: aSpec({ dependsOn }),
    status: {
      phase: isReady ? 'Running' : 'Failed',
      conditions: [
        { type: 'Ready', status: isReady ? 'True' : 'False', observedGeneration: 1 },
      ] as Module['status']['conditions'],
    },
  }) as Module;

const MODULES = [
  aModule('app', [{ name: 'api', version: '^1.0' }, { name: 'cache' }]),
  aModule('api', [{ name: 'db', version: '^2' }, { name: 'queue' }]),
  aModule('cache', [{ name: 'db' }]),
  aModule('db', [], false),
  aModule('lonely'),
];

describe('a graph', () => {
  it('is a tree for each module that no other needs', () => {
    expect(graphText(graphOf(MODULES))).toBe(
      [
        'lonely 1.0.0 Running',
        'app 1.0.0 Running',
        '├─ api 1.0.0 Running (needs ^1.0)',
        '│  ├─ db 1.0.0 Failed (needs ^2): its version 1.0.0 is not in "^2"',
        '│  └─ queue: it does not exist',
        '└─ cache 1.0.0 Running',
        '   └─ db 1.0.0 Failed: it is not ready',
      ].join('\n'),
    );
  });

  it('of one module has what it needs and what needs it', () => {
    const names = (name: string): string[] =>
      graphOf(MODULES, name).modules.map((module) => module.name);
    expect(names('cache')).toEqual(['db', 'cache', 'app']);
    expect(names('queue')).toEqual(['queue', 'api', 'app']);
    expect(names('lonely')).toEqual(['lonely']);
    expect(() => graphOf(MODULES, 'nobody')).toThrow('"nobody" not found');
  });

  it('does not unfold twice what has needs of its own', () => {
    const diamond = [
      aModule('a', [{ name: 'b' }, { name: 'c' }]),
      ...['b', 'c'].map((name) => aModule(name, [{ name: 'd' }])),
      aModule('d', [{ name: 'e' }]),
      aModule('e'),
    ];
    const text = graphText(graphOf(diamond));
    expect(text).toContain('   └─ d 1.0.0 Running (see above)');
    expect(text.match(/e 1\.0\.0/g)).toHaveLength(1);
  });

  it('shows the modules of a circle, too', () => {
    const circle = [aModule('a', [{ name: 'b' }]), aModule('b', [{ name: 'a' }])];
    expect(graphText(graphOf(circle)).split('\n')).toHaveLength(3);
  });

  it('is a digraph in which what is unmet is red', () => {
    expect(graphDot(graphOf(MODULES, 'queue'))).toBe(
      [
        'digraph modules {',
        '  "queue" [label="queue does not exist"];',
        '  "api" [label="api 1.0.0 Running"];',
        '  "app" [label="app 1.0.0 Running"];',
        '  "api" -> "queue" [label="it does not exist", color=red];',
        '  "app" -> "api" [label="^1.0"];',
        '}',
      ].join('\n'),
    );
  });
});
