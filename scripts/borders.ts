/**
 * Which folder may import what, as design and `CONTRIBUTING.md` draw it. Fails on an import that crosses a border,
 * and when it has seen no files, so that it cannot pass by looking in the wrong place.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { sourceFiles } from './source-files.ts';

interface Border {
  /** Files that the border is about. */
  files: RegExp;
  /** Imports that they must not have: project paths, or package names. */
  never: RegExp;
  /** What to do instead. */
  instead: string;
  /** Imports of this shape are fine in spite of `never`. */
  except?: RegExp;
  /** So are imports from the file's own folder. */
  ownFolder?: boolean;
}

const capabilityEdge = /^functions\/(?!platform\/)[\w-]+\/(http|events|route|webhook|trigger\w*)\.ts$/;

const borders: Border[] = [
  {
    files: /^contract\//,
    never: /./,
    except: /^(contract\/|zod)/,
    instead: 'contract/ says what crosses the wire and imports a schema library only.',
  },
  {
    files: capabilityEdge,
    never: /^functions\/[\w-]+\/([\w-]+-)?store\.ts$/,
    instead: 'An edge parses, authorises, calls one rule and answers; call a rule, not a store.',
  },
  {
    files: /^functions\/[\w-]+\/([\w-]+-)?store\.ts$/,
    never: /^functions\/(?!platform\/)/,
    ownFolder: true,
    instead: 'A store knows its table only; it imports platform/ and contract/.',
  },
  {
    files:
      /^functions\/(?!platform\/)[\w-]+\/(?!(http|events|route|webhook|trigger\w*|erase|sweep|prune)\.ts$)[\w-]+\.ts$/,
    never: /^@azure\//,
    instead: 'Rules speak the words of the domain; SDKs live in functions/platform/.',
  },
  {
    files: /^functions\/(?!platform\/)/,
    never: /^@azure\/(?!functions$)/,
    instead: 'SDKs live in functions/platform/.',
  },
  {
    files: /^functions\/platform\//,
    never: /^functions\/(?!platform\/)/,
    instead: 'The platform knows no capability.',
  },
  {
    files: /^functions\//,
    never: /^(web|local|tests|scripts)\//,
    instead: 'The functions are deployed alone.',
  },
  {
    files: /^web\//,
    never: /^(functions|local|tests|scripts)\/|^node:/,
    instead: 'The page runs in a browser and knows the contract only.',
  },
  {
    files: /^web\/connection\//,
    never: /^(react|react-dom|react-router)(\/|$)|^web\/(?!connection\/)/,
    instead: 'The connection is plain TypeScript, without React and without screens.',
  },
  ...['functions-host', 'service-bus', 'web-pubsub', 'page', 'status', 'fault-injection', 'tls'].map(
    (part) => ({
      files: new RegExp(`^local/${part}/`),
      never: /^(contract|functions|web|tests|scripts|local)\//,
      except: new RegExp(`^local/(${part}|fault-injection|tls)/`),
      instead: 'Each part of local/ could be a package of its own; names reach it by configuration files.',
    }),
  ),
];

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

/** What a file imports: project paths for relative imports, names for packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(importPattern)]
    .map((match) => match[1] ?? match[2]!)
    .map((name) =>
      name.startsWith('.') ? normalize(join(dirname(file), name)).replaceAll('\\', '/') : name,
    );
}

/** One sentence for each import that crosses a border. */
export function crossings(): string[] {
  const files = sourceFiles();
  const seen = borders.filter((border) => !files.some((file) => border.files.test(file)));
  return [
    ...seen.map((border) => `${String(border.files)} matches no file: the border would keep nothing.`),
    ...files.flatMap((file) =>
      borders
        .filter((border) => border.files.test(file))
        .flatMap((border) =>
          importsOf(file)
            .filter((name) => border.never.test(name) && !border.except?.test(name))
            .filter((name) => border.ownFolder !== true || dirname(name) !== dirname(file))
            .map((name) => `${file} imports ${name}. ${border.instead}`),
        ),
    ),
  ];
}
