/**
 * A set of fields in the form of Kubernetes' FieldsV1. Its keys are `f:NAME` for a field,
 * `k:{"name":"a"}` for an item of a keyed list, `v:"a"` for a value of a set, and `.` for what the
 * node itself stands for. A node without keys is in the set; at the top it is the empty set.
 */
export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** The node itself, beside what is in it. */
export const SELF = '.';

/** In the set, and nothing in it. */
export const LEAF: FieldTree = {};
export const NOTHING: FieldTree = {};

export const isNothing = (tree: FieldTree): boolean => Object.keys(tree).length === 0;

/** Whether a node, not the top, is only itself. */
export function isLeaf(node: FieldTree): boolean {
  const keys = Object.keys(node);
  return keys.length === 0 || (keys.length === 1 && keys[0] === SELF);
}

/** A node with what stands for itself written out, so that it can be worked on as a set. */
const opened = (node: FieldTree): FieldTree => (isNothing(node) ? { [SELF]: LEAF } : node);

/** A node in the one form that is written: without keys when it is only itself. */
export const closed = (node: FieldTree): FieldTree => (isLeaf(node) ? LEAF : node);

/** All that is in one set or the other; the first when it has all that is in the other. */
export function union(a: FieldTree, b: FieldTree): FieldTree {
  const more = Object.entries(b).flatMap(([element, node]) => {
    const other = Object.hasOwn(a, element) ? a[element] : undefined;
    const both = other === undefined ? node : unionOfNodes(other, node);
    return both === other ? [] : [[element, both] as const];
  });
  return more.length === 0 ? a : Object.fromEntries([...Object.entries(a), ...more]);
}

function unionOfNodes(a: FieldTree, b: FieldTree): FieldTree {
  if (isNothing(a) && isNothing(b)) return a;
  const [first, second] = [opened(a), opened(b)];
  const both = union(first, second);
  return closed(both === first ? a : both);
}

/** All that is in the first set and not in the second. */
export function difference(a: FieldTree, b: FieldTree): FieldTree {
  return mapNodes(a, (node, element) => {
    const other = b[element];
    if (other === undefined) return node;
    if (element === SELF) return undefined;
    const rest = difference(opened(node), opened(other));
    return isNothing(rest) ? undefined : closed(rest);
  });
}

/** A tree with its nodes replaced, or gone where `change` says so; the same when none is. */
export function mapNodes(
  tree: FieldTree,
  change: (node: FieldTree, element: string) => FieldTree | undefined,
): FieldTree {
  let isSame = true;
  const kept: [string, FieldTree][] = [];
  for (const [element, node] of Object.entries(tree)) {
    const next = change(node, element);
    isSame &&= next === node;
    if (next !== undefined) kept.push([element, next]);
  }
  return isSame ? tree : Object.fromEntries(kept);
}
