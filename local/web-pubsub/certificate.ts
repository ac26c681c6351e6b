/** The certificate of the TLS listener: read from files, or made for `localhost` and written to them. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generate } from 'selfsigned';

/** Both in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateFiles {
  cert: string;
  key: string;
}

const yearMilliseconds = 365 * 24 * 60 * 60 * 1000;

/**
 * The certificate and the key in `files`, made and written there when neither exists: who is to trust it needs it in a
 * file, and needs to trust it only once. Throws an `Error` for a file without its other half and for a certificate
 * that has expired.
 */
export async function readOrMakeCertificate(files: CertificateFiles): Promise<Certificate> {
  const [hasCert, hasKey] = [existsSync(files.cert), existsSync(files.key)];
  if (hasCert !== hasKey) {
    const [there, missing] = hasCert ? [files.cert, files.key] : [files.key, files.cert];
    throw new Error(`There is ${there} without ${missing}. Give both, or neither to have them made.`);
  }
  if (hasCert) return read(files);
  const made = await makeCertificate();
  for (const file of [files.cert, files.key]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(files.key, made.key, { mode: 0o600 });
  writeFileSync(files.cert, made.cert);
  return made;
}

/** A self-signed one for this machine's own names, good for a year. */
export async function makeCertificate(): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + yearMilliseconds),
    extensions: [
      // Its own authority: clients trust it by being given it as one.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

function read(files: CertificateFiles): Certificate {
  const [cert, key] = [readFileSync(files.cert, 'utf8'), readFileSync(files.key, 'utf8')];
  const { validTo } = new X509Certificate(cert);
  if (Date.parse(validTo) < Date.now()) {
    throw new Error(
      `The certificate ${files.cert} ended on ${validTo}. Delete it and its key to have new ones made.`,
    );
  }
  return { cert, key };
}
