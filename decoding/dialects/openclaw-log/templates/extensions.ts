import type { Decision } from '../../../../core/labels/policy.ts'
import { decided, decisionClaim, drift, guarded, type Template } from './template.ts'

/** The result at the end of an install policy's debug line. */
function installDecision(rest: string): Decision {
  if (rest.endsWith(': allowed')) return 'allow'
  return rest.endsWith(': warned') ? 'audit' : 'deny'
}

const source = 'source'

/** Decisions about external code and content: hooks, plugins, skills, senders on channels, paths. */
export const extensionTemplates: readonly Template[] = [
  {
    id: 'suspicious-hook-content',
    subsystems: [''],
    prefix: '[security] Suspicious patterns detected in external hook content ',
    evidence: source,
    ...decided('openclaw-hooks', 'suspicious_content', 'audit'),
  },
  {
    id: 'agent-run-vetoed',
    subsystems: [],
    prefix: 'before_agent_run hook blocked by ',
    evidence: source,
    ...decided('openclaw-hooks', 'agent_run_veto', 'deny'),
  },
  {
    id: 'hook-override-ignored',
    subsystems: ['hooks/workspace'],
    prefix: 'Ignoring ',
    evidence: source,
    ...guarded(
      rest => rest.includes(' because it cannot override '),
      decided('openclaw-hooks', 'hook_override', 'deny'),
    ),
  },
  {
    id: 'plugin-llm-denied',
    subsystems: [],
    prefix: 'plugin llm completion denied',
    evidence: source,
    ...decided('openclaw-plugins', 'plugin_llm', 'deny'),
  },
  {
    id: 'install-blocked-by-hook',
    subsystems: [],
    prefix: 'WARNING: ',
    evidence: source,
    ...guarded(rest => rest.includes(' blocked by plugin hook'), decided('openclaw-plugins', 'install_hook', 'deny')),
  },
  {
    id: 'plugin-scanner',
    subsystems: [],
    prefix: 'Plugin scanner: ',
    evidence: source,
    ...decided('openclaw-plugins', 'code_scan', 'audit'),
  },
  {
    id: 'install-policy-finding',
    subsystems: [],
    prefix: 'Install policy: ',
    evidence: source,
    ...decided('openclaw-plugins', 'install_policy', 'audit'),
  },
  {
    id: 'install-policy-result',
    subsystems: [],
    prefix: 'Install policy ',
    evidence: source,
    moves: ['policy_decisions'],
    read: (_line, rest) => decisionClaim('openclaw-plugins', 'install_policy', installDecision(rest)),
  },
  {
    id: 'integrity-drift',
    subsystems: [],
    prefix: 'Integrity drift ',
    evidence: source,
    ...drift('integrity_drift', 'high'),
  },
  {
    id: 'plugin-skill-escape',
    subsystems: [],
    prefix: 'plugin skill ',
    evidence: source,
    ...guarded(
      rest =>
        rest.startsWith('path escapes plugin root (') || rest.startsWith('SKILL.md escapes declared skill root: '),
      decided('openclaw-paths', 'path_escape', 'deny'),
    ),
  },
  {
    id: 'skill-path-escape',
    subsystems: ['skills'],
    prefix: 'Skipping escaped skill path outside its configured root.',
    evidence: source,
    ...decided('openclaw-paths', 'path_escape', 'deny'),
  },
  {
    id: 'attachment-path-blocked',
    subsystems: [''],
    prefix: 'Blocked attachment path outside allowed roots: ',
    evidence: source,
    ...decided('openclaw-paths', 'path_escape', 'deny'),
  },
  {
    id: 'media-staging-blocked',
    subsystems: [''],
    prefix: 'Blocking attempt to stage media from outside media directory: ',
    evidence: source,
    ...decided('openclaw-paths', 'path_escape', 'deny'),
  },
  {
    id: 'audio-embedding-denied',
    subsystems: ['gateway'],
    prefix: 'webchat audio embedding denied local path: ',
    evidence: source,
    ...decided('openclaw-paths', 'path_escape', 'deny'),
  },
  {
    id: 'telegram-sender-blocked',
    subsystems: [''],
    prefix: 'Blocked unauthorized telegram sender ',
    evidence: source,
    ...decided('openclaw-channels', 'sender_allowlist', 'deny'),
  },
  {
    id: 'telegram-group-blocked',
    subsystems: [''],
    prefix: 'Blocked telegram group ',
    evidence: source,
    ...decided('openclaw-channels', 'group_allowlist', 'deny'),
  },
  {
    id: 'telegram-callback-blocked',
    subsystems: [''],
    prefix: 'Blocked telegram callback ',
    evidence: source,
    ...decided('openclaw-channels', 'sender_allowlist', 'deny'),
  },
  {
    id: 'sender-ignored',
    subsystems: [''],
    prefix: 'Ignoring ',
    evidence: source,
    ...guarded(
      rest => rest.includes(' from unauthorized sender: '),
      decided('openclaw-channels', 'sender_allowlist', 'deny'),
    ),
  },
  {
    id: 'non-owner-ignored',
    subsystems: [''],
    prefix: 'Ignoring ',
    evidence: source,
    ...guarded(rest => rest.includes(' from non-owner sender: '), decided('openclaw-channels', 'owner_only', 'deny')),
  },
  {
    id: 'plugin-command-blocked',
    subsystems: [''],
    prefix: 'Plugin command ',
    evidence: source,
    ...guarded(rest => rest.includes(' blocked: '), decided('openclaw-channels', 'sender_allowlist', 'deny')),
  },
  // Its meta contains the names of a person: none of it is read.
  {
    id: 'sender-pairing-request',
    subsystems: [],
    prefix: 'telegram pairing request',
    evidence: source,
    ...decided('openclaw-channels', 'sender_pairing', 'ask'),
  },
]
