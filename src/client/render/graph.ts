import { printable } from '../../lib/printable.js';
import type { Graph, GraphEdge, GraphModule } from '../graph.js';

/**
 * A tree for each module that no other needs, what it needs below it. What stands there already is
 * not unfolded again: a graph has many more ways through it than modules.
 */
export function graphText({ modules, dependencies }: Graph): string {
  const needed = new Set(dependencies.map(({ to }) => to));
  const names = modules.map(({ name }) => name);
  const tops = names.filter((name) => !needed.has(name));
  const tree = new Tree(modules, dependencies);
  // Nothing is above those of a circle, which an older store may hold.
  return [...tops, ...names].flatMap((name) => tree.linesOf(name)).join('\n');
}

/** What is still to be written: a module, and what stands before it and its needs. */
interface Branch {
  readonly name: string;
  readonly edge: GraphEdge | undefined;
  readonly before: string;
  readonly below: string;
}

class Tree {
  readonly #modules: ReadonlyMap<string, GraphModule>;
  readonly #needs = new Map<string, GraphEdge[]>();
  readonly #unfolded = new Set<string>();

  constructor(modules: readonly GraphModule[], dependencies: readonly GraphEdge[]) {
    this.#modules = new Map(modules.map((module) => [module.name, module]));
    for (const edge of dependencies) {
      this.#needs.set(edge.from, [...(this.#needs.get(edge.from) ?? []), edge]);
    }
  }

  /** None for one that stands there already. */
  linesOf(top: string): string[] {
    if (this.#unfolded.has(top)) return [];
    const lines: string[] = [];
    const left: Branch[] = [{ name: top, edge: undefined, before: '', below: '' }];
    for (let branch = left.pop(); branch !== undefined; branch = left.pop()) {
      const isKnown = this.#unfolded.has(branch.name);
      const edges = this.#needs.get(branch.name) ?? [];
      lines.push(this.#line(branch, isKnown && edges.length > 0));
      this.#unfolded.add(branch.name);
      if (!isKnown) left.push(...edges.map(branchBelow(branch)).toReversed());
    }
    return lines;
  }

  #line({ name, edge, before }: Branch, isAbove: boolean): string {
    const { version, phase } = this.#modules.get(name) ?? { version: undefined, phase: undefined };
    const range = edge?.range === undefined ? '' : ` (needs ${edge.range})`;
    const state = edge?.unmet ?? (phase === undefined ? 'it does not exist' : undefined);
    const words = [name, version, phase].filter((word) => word !== undefined).join(' ');
    const text = `${words}${range}${state === undefined ? '' : `: ${state}`}`;
    return `${before}${printable(text)}${isAbove ? ' (see above)' : ''}`;
  }
}

const branchBelow =
  ({ below }: Branch) =>
  (edge: GraphEdge, index: number, edges: readonly GraphEdge[]): Branch => {
    const isLast = index === edges.length - 1;
    const before = `${below}${isLast ? '└─ ' : '├─ '}`;
    return { name: edge.to, edge, before, below: `${below}${isLast ? '   ' : '│  '}` };
  };

/** The graph for Graphviz: an arrow from a module to what it needs, in red where that is unmet. */
export function graphDot({ modules, dependencies }: Graph): string {
  const nodes = modules.map(({ name, version, phase }) => {
    const words = [name, version, phase ?? 'does not exist'].filter((word) => word !== undefined);
    return `  ${quoted(name)} [label=${quoted(words.join(' '))}];`;
  });
  const edges = dependencies.map(({ from, to, range, unmet }) => {
    const label = [range, unmet].filter((word) => word !== undefined).join(': ');
    const colour = unmet === undefined ? '' : ', color=red';
    return `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}${colour}];`;
  });
  return ['digraph modules {', ...nodes, ...edges, '}'].join('\n');
}

const quoted = (text: string): string =>
  `"${printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
