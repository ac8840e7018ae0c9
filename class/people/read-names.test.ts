import { expect, test } from 'vitest'
import { readNames } from './read-names.ts'

const names = (text: string) => readNames(text).people.map(({ name }) => name)

test.each([
  ['a name a line', 'Ada Lovelace\nGrace Hopper', ['Ada Lovelace', 'Grace Hopper']],
  ['Windows lines and a mark of the byte order', '\uFEFFAda\r\n\r\nGrace\r\n', ['Ada', 'Grace']],
  ['the last name first', 'Lovelace, Ada\nHopper, Grace', ['Lovelace, Ada', 'Hopper, Grace']],
  ['quotes that belong to a name', 'Grace "Amazing" Hopper', ['Grace "Amazing" Hopper']],
  ['spaces around and within', '  Ada \t\n Grace   Hopper ', ['Ada', 'Grace Hopper']],
  ['somebody twice', 'Ada\nAda', ['Ada']],
  ['every alphabet', 'Nguyễn Thị Hạnh\n山田太郎\nمريم', ['Nguyễn Thị Hạnh', '山田太郎', 'مريم']],
  ['nothing', ' \n\n', []],
])('a list with %s', (_, text, expected) => {
  expect(names(text)).toEqual(expected)
})

test.each([
  ['two columns of a spreadsheet', 'Ada\t17\nGrace\t18'],
  ['CSV with a header', 'id,name\n17,Ada\n18,Grace'],
  ['CSV with quotes', 'Name,ID\n"Ada","17"\n"Grace",18\n'],
  ['semicolons', 'name;id;room\nAda;17;a\nGrace;18;b'],
  ["an export of Canvas's gradebook", 'Student,ID,Section\nAda,17,one\nGrace,18,one'],
])('%s gives the identifiers, too', (_, text) => {
  expect(readNames(text)).toEqual({
    people: [
      { name: 'Ada', rosterId: '17' },
      { name: 'Grace', rosterId: '18' },
    ],
    remarks: [],
  })
})

test('a quoted name may hold the delimiter', () => {
  expect(names('name,id\n"Lovelace, Ada",17')).toEqual(['Lovelace, Ada'])
})

test('two people of one name are told apart by their identifiers', () => {
  expect(readNames('Ada\t17\nAda\t18').people).toHaveLength(2)
})

test('what is left out is named by its line', () => {
  const { people, remarks } = readNames(`name,id\nAda,17\n,18\nGrace,17\n${'x'.repeat(300)},19`)
  expect(people).toHaveLength(1)
  expect(remarks).toEqual([
    'Line 3 has no name.',
    'Line 4, 17, is there a second time.',
    'Line 5 is longer than 200 characters.',
  ])
})

test('lines that hide, break or turn around a card are made plain', () => {
  expect(names('A\u202Eda\u0000\u0007 L\u2028o')).toEqual(['A da L o'])
})

test('CSV that is broken says so, and takes nobody', () => {
  const { people, remarks } = readNames('name,id\n"Ada,17\nGrace,18')
  expect(people).toEqual([])
  expect(remarks[0]).toMatch(/^The list cannot be read as CSV: /)
})

test('more people than a class may have', () => {
  const { people, remarks } = readNames(
    Array.from({ length: 10_002 }, (_, place) => `Person ${place}`).join('\n'),
  )
  expect([people.length, remarks.length]).toEqual([10_000, 2])
})
