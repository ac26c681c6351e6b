/** App settings: what `local.settings.json` adds to the environment, and how bindings look values up in it. */
import { readJson } from './json-file.ts';

export interface LocalSettings {
  values: Record<string, string>;
  port: number | undefined;
  /** Origins that may call from a browser; `*` alone stands for all. */
  corsOrigins: string[];
  corsCredentials: boolean;
  warnings: string[];
}

interface SettingsFile {
  IsEncrypted?: boolean;
  Values?: Record<string, unknown>;
  ConnectionStrings?: Record<string, unknown>;
  Host?: { LocalHttpPort?: number; CORS?: string; CORSCredentials?: boolean };
}

/** Reads a `local.settings.json`; no path, no settings. Throws a sentence where the file is of no use. */
export function readLocalSettings(path: string | undefined): LocalSettings {
  const file = path === undefined ? {} : (readJson(path) as SettingsFile | undefined);
  if (!file) throw new Error(`There is no settings file ${path}.`);
  if (file.IsEncrypted) throw new Error(`${path} is encrypted, which this host cannot read.`);
  const values: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(file.Values ?? {})) {
    if (typeof value === 'string') values[name] = value;
    else warnings.push(`Skipping setting "${name}" of ${path}: its value must be a string.`);
  }
  for (const [name, value] of Object.entries(file.ConnectionStrings ?? {})) {
    if (typeof value === 'string') values[`ConnectionStrings:${name}`] = value;
  }
  const origins = (file.Host?.CORS ?? '').split(',').map((origin) => origin.trim());
  return {
    values,
    port: file.Host?.LocalHttpPort,
    corsOrigins: origins.filter((origin) => origin !== ''),
    corsCredentials: file.Host?.CORSCredentials ?? false,
    warnings,
  };
}

/** The environment of the app: the settings, where the environment itself does not say otherwise, and what Azure adds. */
export function appEnvironment(
  settings: LocalSettings,
  env: NodeJS.ProcessEnv,
  place: { host: string; port: number; scriptRoot: string },
): NodeJS.ProcessEnv {
  return {
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    ...settings.values,
    ...env,
    WEBSITE_HOSTNAME: `${place.host}:${place.port}`,
    AzureWebJobsScriptRoot: place.scriptRoot,
  };
}

/** Replaces each `%NAME%` by that app setting. Throws where one does not exist. */
export function resolveNames(text: string, env: NodeJS.ProcessEnv): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}

/** The value of a connection that a binding names, by the names under which the real host looks for it. */
export function connectionString(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (
    env[name] ??
    env[`AzureWebJobs${name}`] ??
    env[`ConnectionStrings:${name}`] ??
    env[`ConnectionStrings__${name}`]
  );
}

/** Whether the app setting `AzureWebJobs.<name>.Disabled` takes a function out of service. */
export function isDisabled(functionName: string, env: NodeJS.ProcessEnv): boolean {
  const value = env[`AzureWebJobs.${functionName}.Disabled`] ?? env[`AzureWebJobs_${functionName}_Disabled`];
  return value === '1' || value?.toLowerCase() === 'true';
}
