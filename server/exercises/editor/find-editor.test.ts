import { expect, test } from 'vitest'
import { findEditor, type Surroundings } from './find-editor.ts'

const on = (
  env: NodeJS.ProcessEnv,
  programs: readonly string[],
  platform: NodeJS.Platform = 'linux',
): Surroundings => ({
  env: { PATH: '/usr/bin:/opt/bin', ...env },
  platform,
  isProgram: (path) => programs.includes(path),
})
const found = (surroundings: Surroundings) => {
  const editor = findEditor(surroundings)
  return editor && [editor.command, ...editor.args].join(' ')
}

test.each<[string, Surroundings, string | undefined]>([
  [
    'VISUAL before EDITOR, without waiting for it',
    on({ VISUAL: 'subl --wait -n', EDITOR: 'code' }, ['/usr/bin/code', '/opt/bin/subl']),
    '/opt/bin/subl -n',
  ],
  [
    'an editor that needs a terminal is passed over',
    on({ VISUAL: 'vim', EDITOR: 'nano' }, ['/usr/bin/vim', '/usr/bin/nano', '/opt/bin/codium']),
    '/opt/bin/codium',
  ],
  [
    'one that is named but not there, too',
    on({ VISUAL: 'zed' }, ['/usr/bin/gedit']),
    '/usr/bin/gedit',
  ],
  [
    'ROUNDTRIP_EDITOR is taken as it is',
    on({ ROUNDTRIP_EDITOR: "'/opt/my editor/run' --new", VISUAL: 'code' }, [
      '/usr/bin/code',
      '/opt/my editor/run',
    ]),
    '/opt/my editor/run --new',
  ],
  ['a full path', on({ VISUAL: '/snap/bin/code -w' }, ['/snap/bin/code']), '/snap/bin/code'],
  [
    'what is in PATH, the first of the list',
    on({}, ['/opt/bin/kate', '/opt/bin/code']),
    '/opt/bin/code',
  ],
  ['nothing', on({ VISUAL: 'vim', PATH: '' }, ['/usr/bin/vim']), undefined],
  [
    'no shell metacharacter means anything',
    on({ VISUAL: 'code;rm -rf ~' }, ['/usr/bin/code', '/usr/bin/rm']),
    '/usr/bin/code',
  ],
  ['macOS has one of its own', on({}, [], 'darwin'), '/usr/bin/open -t'],
])('%s', (_, surroundings, expected) => expect(found(surroundings)).toBe(expected))
