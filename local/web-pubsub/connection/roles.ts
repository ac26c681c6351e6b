/**
 * What a connection may do with groups. Tokens and `connect` answers name roles as text; REST grants and revokes
 * one permission at a time. Roles never bind REST itself.
 */
import { parseGroupPattern } from './group-pattern.ts';

export type Permission = 'joinLeaveGroup' | 'sendToGroup';

export const isPermission = (name: string): name is Permission =>
  name === 'joinLeaveGroup' || name === 'sendToGroup';

/** Which groups one permission reaches. */
class Reach {
  all = false;
  readonly groups = new Set<string>();
  readonly patterns: ((group: string) => boolean)[] = [];
  /** Taken back one by one, which outdoes what reaches many. */
  readonly denied = new Set<string>();

  includes(group: string): boolean {
    if (this.denied.has(group)) return false;
    return this.all || this.groups.has(group) || this.patterns.some((matches) => matches(group));
  }
}

export class Roles {
  readonly #reach: Record<Permission, Reach | undefined> = {
    joinLeaveGroup: undefined,
    sendToGroup: undefined,
  };

  /** Roles that the service does not know are ignored. */
  constructor(roles: Iterable<string> = []) {
    for (const role of roles) this.#add(role);
  }

  allows(permission: Permission, group: string): boolean {
    return this.#reach[permission]?.includes(group) ?? false;
  }

  /** Whether a permission was given for one group, or, where none is named, for all. */
  isGranted(permission: Permission, group: string | undefined): boolean {
    return group === undefined ? (this.#reach[permission]?.all ?? false) : this.allows(permission, group);
  }

  /** For all groups where none is named. */
  grant(permission: Permission, group: string | undefined): void {
    const reach = this.#reachOf(permission);
    if (group === undefined) {
      reach.all = true;
      reach.denied.clear();
    } else {
      reach.groups.add(group);
      reach.denied.delete(group);
    }
  }

  /** Takes back one group's grant, or, where none is named, everything that the permission reached. */
  revoke(permission: Permission, group: string | undefined): void {
    const reach = this.#reach[permission];
    if (!reach) return;
    if (group === undefined) this.#reach[permission] = undefined;
    else {
      reach.groups.delete(group);
      if (reach.includes(group)) reach.denied.add(group);
    }
  }

  #add(role: string): void {
    const match = /^webpubsub\.(joinLeaveGroup|sendToGroup)(s?)(?:\.(.+))?$/s.exec(role);
    if (!match) return;
    const [, permission, plural, target] = match as unknown as [string, Permission, string, string?];
    if (!plural) this.grant(permission, target);
    else if (target !== undefined) {
      const pattern = parseGroupPattern(target);
      if (pattern) this.#reachOf(permission).patterns.push(pattern);
    }
  }

  #reachOf(permission: Permission): Reach {
    return (this.#reach[permission] ??= new Reach());
  }
}
