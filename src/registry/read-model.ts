import { KINDS } from '../kinds/registered.js';
import type { KindName } from '../kinds/registered.js';
import type { Change, Stored } from './registry.js';

/** The objects of one kind by name, the least recently changed first. */
type Objects<K extends KindName> = Map<string, Stored<K>>;

/** All objects by kind and name. */
export class ReadModel {
  private readonly objects = new Map<KindName, Objects<KindName>>();
  private readonly sorted = new Map<KindName, readonly Stored[]>();

  /** Begins with the objects of `from`, which stays as it is. */
  constructor(from?: ReadModel) {
    for (const { kind } of Object.values(KINDS)) {
      this.objects.set(kind, new Map(from?.objects.get(kind)));
    }
  }

  get<K extends KindName>(kind: K, name: string): Stored<K> | undefined {
    return this.of(kind).get(name);
  }

  /** The objects of a kind, the least recently changed first. */
  values<K extends KindName>(kind: K): Iterable<Stored<K>> {
    return this.of(kind).values();
  }

  /** The objects of a kind sorted by name: the same array until one of them changes. */
  list<K extends KindName>(kind: K): readonly Stored<K>[] {
    const known = this.sorted.get(kind);
    if (known !== undefined) return known as readonly Stored<K>[];
    const items = [...this.values(kind)].toSorted(byName);
    this.sorted.set(kind, items);
    return items;
  }

  put(stored: Stored): void {
    const { kind, metadata } = stored.object;
    const objects: Objects<KindName> = this.of(kind);
    // Deleted first, so that the object moves to the end of the map's order.
    objects.delete(metadata.name);
    objects.set(metadata.name, stored);
    this.sorted.delete(kind);
  }

  apply({ kind, type, name, stored }: Change): void {
    if (type !== 'DELETED') return this.put(stored);
    this.of(kind).delete(name);
    this.sorted.delete(kind);
  }

  private of<K extends KindName>(kind: K): Objects<K> {
    return this.objects.get(kind) as Objects<K>;
  }
}

function byName(a: Stored, b: Stored): number {
  return a.object.metadata.name < b.object.metadata.name ? -1 : 1;
}
