/**
 * The rules of one subscription. They are those of the configuration, until a client adds or removes one: then they are
 * what the disk has, until the configuration is changed.
 */
import { Refusal } from '../broker/refusal.ts';
import type { EntityStore } from '../store/entity-store.ts';
import type { MessageView } from './message-view.ts';
import { passesEverything, readRule, type Rule, type RuleDescription } from './rule.ts';
import { readRules, writeRules } from './rules-json.ts';
import type { Changes } from './sql-action.ts';

/** A copy of a message that a subscription gets: changed by the rule of this name, or as it came. */
export type Copy = { rule: string; changes: Changes } | 'unchanged';

export class RuleSet {
  readonly #store: EntityStore;
  readonly #declared: string;
  #rules: Rule[] = [];
  /** Every message goes in unchanged, and only once: the common case, in which none is looked into. */
  passesEverything = false;

  constructor(store: EntityStore, declared: RuleDescription[]) {
    this.#store = store;
    this.#declared = writeRules(declared);
    const kept = store.rules();
    this.#use(kept?.declared === this.#declared ? readRules(kept.rules) : declared);
  }

  list(): RuleDescription[] {
    return this.#rules.map(({ description }) => description);
  }

  /** Throws a `Refusal` where the name is taken, or the rule cannot be read. */
  add(description: RuleDescription): Promise<void> {
    if (this.#find(description.name)) {
      throw new Refusal('already-exists', `The rule "${description.name}" exists already.`);
    }
    return this.#change([...this.list(), readRule(description).description]);
  }

  remove(name: string): Promise<void> {
    const found = this.#find(name);
    if (found === undefined)
      throw new Refusal('rule-not-found', `The messaging entity '${name}' could not be found.`);
    return this.#change(this.list().filter((each) => each !== found.description));
  }

  /**
   * The copies that a message makes: one where a rule without an action lets it pass, and one for each rule with an
   * action that does.
   */
  copies(view: MessageView): Copy[] {
    const passed = this.#rules.filter(({ passes }) => passes(view));
    const changed = passed.flatMap(({ description, changes }) =>
      changes ? [{ rule: description.name, changes: changes(view) }] : [],
    );
    return passed.some(({ changes }) => changes === undefined) ? ['unchanged', ...changed] : changed;
  }

  #find(name: string): Rule | undefined {
    const lower = name.toLowerCase();
    return this.#rules.find(({ description }) => description.name.toLowerCase() === lower);
  }

  #change(rules: RuleDescription[]): Promise<void> {
    this.#use(rules);
    this.#store.setRules(this.#declared, writeRules(rules));
    return this.#store.onDisk();
  }

  #use(rules: RuleDescription[]): void {
    this.#rules = rules.map(readRule);
    const isPlain = this.#rules.every(({ changes }) => changes === undefined);
    this.passesEverything = isPlain && rules.some(passesEverything);
  }
}
