/** Which names of hubs and groups are valid. */

/** Hub names are compared in lower case. */
export const isHubName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}$/.test(name);

export const isGroupName = (name: string): boolean => name.length <= 1024 && name.trim() !== '';
