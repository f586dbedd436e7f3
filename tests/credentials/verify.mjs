// Judges and issues credentials with @digitalbazaar/vc, knowing nothing of Guiju: one job a line on stdin, one answer a line on stdout. No network.
//
// {"do": "verify", "credential", "documents": {DID: document}, "lists": {address: credential}, "contexts": {address: document}, "at"}
//     → {"verified", "reason"}; a set bit of a status list is a reason
// {"do": "issue", "credential", "key": a Multikey with its secret part, "at", "contexts"} → {"credential"}
// {"do": "expand", "credential", "contexts"} → {"expanded"} or {"reason"} where a term is defined nowhere (safe mode of JSON-LD 1.1)
import {createInterface} from 'node:readline';
import {contexts as known} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import jsonld from 'jsonld';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

function loader({documents = {}, lists = {}, contexts = {}}) {
  return async url => {
    const [did, name] = url.split('#');
    let document = known.get(url) ?? contexts[url] ?? lists[url] ?? (name ? undefined : documents[did]);
    if(!document && name) {
      const method = documents[did]?.verificationMethod?.find(one => one.id === url);
      document = method && {'@context': MULTIKEY, ...method};
    }
    if(!document) {
      throw new Error(`nothing at hand for ${url}`);
    }
    return {contextUrl: null, document: structuredClone(document), documentUrl: url};
  };
}

async function verify(job) {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const documentLoader = loader(job);
  const now = new Date(job.at);
  const result = await vc.verifyCredential({credential: job.credential, suite, documentLoader, now, checkStatus, maxClockSkew: 0});
  if(!result.verified) {
    const error = result.statusResult?.error ?? result.error;
    return {verified: false, reason: [error?.message, ...(error?.errors ?? []).map(one => one.message)].join(' ')};
  }
  for(const list of Object.values(job.lists ?? {})) { // the library leaves their periods at the moment to its caller
    if(now < new Date(list.validFrom) || now > new Date(list.validUntil)) {
      return {verified: false, reason: 'status list out of its period'};
    }
  }
  const set = (result.statusResult?.results ?? []).filter(one => one.status).map(one => one.credentialStatus.statusPurpose);
  return set.length ? {verified: false, reason: `status: ${set.join(', ')}`} : {verified: true};
}

async function issue(job) {
  const key = await Ed25519Multikey.from({'@context': MULTIKEY, ...job.key});
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: createSignCryptosuite(), date: job.at});
  return {credential: await vc.issue({credential: job.credential, suite, documentLoader: loader(job), now: new Date(job.at)})};
}

async function expand(job) {
  return {expanded: await jsonld.expand(job.credential, {documentLoader: loader(job), safe: true})};
}

const DO = {verify, issue, expand};
for await (const line of createInterface({input: process.stdin})) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = await DO[job.do](job);
  } catch(error) {
    answer = {verified: false, reason: String(error.message)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
