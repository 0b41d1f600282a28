/**
 * The lowered form: what is kept of a module once its syntax tree is dropped.
 *
 * It is plain data (JSON-serialisable), holds no nodes and no closures, and decides nothing: `redirect()` is a call of a
 * binding here; whether it denies is a question for the analysis and the catalogue. Ranges are UTF-16 offsets into the
 * text without a byte-order mark, so they can be compared whichever parser read the file.
 */

/** Start and end offset, end exclusive. */
export type Range = readonly [start: number, end: number]

/** Index into `ModuleForm.bindings`. */
export type BindingId = number

/** Index into `ModuleForm.functions`; 0 is the module body itself. */
export type FunctionId = number

/** Index into `ModuleForm.classes`. */
export type ClassId = number

export interface ModuleForm {
  /** Absolute path, as resolved. */
  readonly file: string
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[]
  readonly imports: readonly ImportForm[]
  readonly exports: readonly ExportForm[]
  readonly bindings: readonly BindingForm[]
  readonly functions: readonly FunctionForm[]
  readonly classes: readonly ClassForm[]
  readonly markers: readonly MarkerForm[]
  /** Offset of the directives at its head, when it has some: a comment about the whole file stands above them. */
  readonly head?: number
  /** Property names of interfaces and object type aliases, by type name: row types of query builders. */
  readonly types: Readonly<Record<string, TypeForm>>
  /** Why this module is not what its text says: a syntax error, nested too deep, too large. Its functions are then empty. */
  readonly unreadable?: string
}

export interface ImportForm {
  /** The local binding; absent for a bare `import 'x'`. */
  readonly binding?: BindingId
  /** `'*'` for a namespace, `'default'` for a default import; absent for a bare import. */
  readonly imported?: string
  readonly from: string
  readonly typeOnly: boolean
  readonly range: Range
}

/** `export … from` carries `from`; `export *` has `exported: '*'` and no `imported`; `export * as x` has `imported: '*'`. */
export interface ExportForm {
  readonly exported: string
  readonly binding?: BindingId
  /** For `export default <expression>`. */
  readonly value?: Expr
  readonly from?: string
  readonly imported?: string
  readonly typeOnly: boolean
  readonly range: Range
  /** Of a name in braces: all of the statement. */
  readonly statement?: Range
  /** `module.exports = …`, which whoever imports a name of the module takes it from, or a member of that. */
  readonly common?: 'whole' | 'member'
}

export type BindingKind =
  'import' | 'const' | 'let' | 'var' | 'using' | 'parameter' | 'function' | 'class' | 'enum' | 'catch'

export interface BindingForm {
  readonly name: string
  readonly kind: BindingKind
  /** The function (or module body, 0) that the binding belongs to. */
  readonly owner: FunctionId
  /** Range of the declaring identifier. */
  readonly range: Range
  /** True when something other than its declaration writes it. */
  readonly reassigned: boolean
  /** For `kind: 'import'`: index into `ModuleForm.imports`. */
  readonly import?: number
}

export interface FunctionForm {
  /** The name in the source, or of the variable or property that it initialises, else ''. */
  readonly name: string
  readonly range: Range
  readonly kind: 'function' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor' | 'module' | 'static-block'
  readonly async: boolean
  readonly generator: boolean
  /** The function that it is written in; -1 for the module body. */
  readonly parent: FunctionId | -1
  readonly params: readonly ParameterForm[]
  readonly body: readonly Stmt[]
  /** The string directives at the head of the body ('use server', 'use cache'). */
  readonly directives: readonly string[]
  /** From the return annotation: `x is T` is 'predicate', `asserts x` is 'asserts'; Promise is looked through. */
  readonly signature?: 'asserts' | 'predicate' | 'promise' | 'never'
  /** True when the function mentions `this` (arrow functions take it from their parent). */
  readonly usesThis: boolean
}

export interface ParameterForm {
  readonly pattern: Pattern
  readonly rest: boolean
}

export interface ClassForm {
  readonly name: string
  readonly range: Range
  readonly base?: Expr
  /** The `constructor`, when written. */
  readonly construct?: FunctionId
  readonly members: readonly ClassMemberForm[]
}

export interface ClassMemberForm {
  readonly key: string | Expr
  readonly static: boolean
  readonly kind: 'method' | 'getter' | 'setter' | 'field' | 'static-block'
  /** For methods, accessors and static blocks. */
  readonly fn?: FunctionId
  /** For fields with an initialiser. */
  readonly value?: Expr
}

/** A comment `authz: …`, or nearly so, whatever follows: the analysis says whether it is well formed. */
export interface MarkerForm {
  /** The text after `authz:`, trimmed. */
  readonly text: string
  /** As it is written, where that is not `authz:` at the head of the comment: `authz`, `@authz`, or further down. */
  readonly head?: string
  readonly range: Range
  /** Line comment, or block comment. */
  readonly block: boolean
  /** Start offset of the first token after the comment, -1 at the end of the file. */
  readonly nextToken: number
}

export interface TypeForm {
  readonly range: Range
  /** Member name to the written type, white space collapsed and cut at 200 characters. */
  readonly members: Readonly<Record<string, string>>
}

// --- patterns -------------------------------------------------------------------------------------------------------

export type Pattern =
  | { readonly t: 'bind'; readonly binding: BindingId; readonly range: Range }
  | { readonly t: 'object'; readonly props: readonly PatternProp[]; readonly rest?: Pattern; readonly range: Range }
  | { readonly t: 'array'; readonly items: readonly (Pattern | null)[]; readonly rest?: Pattern; readonly range: Range }
  | { readonly t: 'default'; readonly pattern: Pattern; readonly value: Expr; readonly range: Range }
  /** An assignment target that is no binding: `[a.b] = …`. */
  | { readonly t: 'target'; readonly target: Expr; readonly range: Range }

export interface PatternProp {
  readonly key: string | Expr
  readonly value: Pattern
}

// --- expressions ----------------------------------------------------------------------------------------------------

/**
 * Parentheses, casts (`as`, `satisfies`, `!`, `<T>x`, instantiations) are dropped. Optional chains keep `optional` at the
 * link where `?.` stands; a `chain` node marks where short-circuiting ends.
 */
export type Expr =
  | { readonly t: 'literal'; readonly value: string | number | boolean | null; readonly range: Range }
  | { readonly t: 'undefined'; readonly range: Range }
  | { readonly t: 'bigint'; readonly text: string; readonly range: Range }
  | { readonly t: 'regex'; readonly text: string; readonly range: Range }
  /** A resolved binding of this module. */
  | { readonly t: 'name'; readonly binding: BindingId; readonly range: Range }
  /** An unresolved identifier: `process`, `Response`, `fetch` … (`undefined` is its own node). */
  | { readonly t: 'global'; readonly name: string; readonly range: Range }
  | { readonly t: 'this'; readonly range: Range }
  | { readonly t: 'super'; readonly range: Range }
  /** `import.meta` or `new.target`. */
  | { readonly t: 'meta'; readonly name: 'import.meta' | 'new.target'; readonly range: Range }
  | {
      readonly t: 'member'
      readonly object: Expr
      /** A name, also for `x['name']`; `#name` for private members; an expression when it is computed. */
      readonly key: string | Expr
      readonly optional: boolean
      readonly range: Range
      /** Where the property itself stands (`b` in `a.b`). */
      readonly keyRange: Range
    }
  | { readonly t: 'chain'; readonly expr: Expr; readonly range: Range }
  | {
      readonly t: 'call'
      readonly callee: Expr
      readonly args: readonly Arg[]
      readonly optional: boolean
      readonly construct: boolean
      readonly range: Range
    }
  /** A tagged template: called with the strings and the expressions. */
  | {
      readonly t: 'tagged'
      readonly tag: Expr
      readonly strings: readonly string[]
      readonly exprs: readonly Expr[]
      readonly range: Range
    }
  | { readonly t: 'await'; readonly expr: Expr; readonly range: Range }
  | { readonly t: 'yield'; readonly expr?: Expr; readonly delegate: boolean; readonly range: Range }
  | { readonly t: 'function'; readonly fn: FunctionId; readonly range: Range }
  | { readonly t: 'class'; readonly cls: ClassId; readonly range: Range }
  | { readonly t: 'object'; readonly props: readonly ObjectProp[]; readonly range: Range }
  | { readonly t: 'array'; readonly items: readonly (Arg | null)[]; readonly range: Range }
  | {
      readonly t: 'template'
      readonly strings: readonly string[]
      readonly exprs: readonly Expr[]
      readonly range: Range
    }
  /** Operators that do not short-circuit: arithmetic, comparison, `in`, `instanceof`. */
  | { readonly t: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr; readonly range: Range }
  | {
      readonly t: 'logical'
      readonly op: '&&' | '||' | '??'
      readonly left: Expr
      readonly right: Expr
      readonly range: Range
    }
  /** `!`, `-`, `+`, `~`, `typeof`, `void`, `delete`. */
  | { readonly t: 'unary'; readonly op: string; readonly expr: Expr; readonly range: Range }
  | { readonly t: 'update'; readonly op: '++' | '--'; readonly expr: Expr; readonly range: Range }
  | { readonly t: 'conditional'; readonly test: Expr; readonly then: Expr; readonly else: Expr; readonly range: Range }
  /** `op` is '=' or a compound operator such as '??='. */
  | { readonly t: 'assign'; readonly op: string; readonly target: Pattern; readonly value: Expr; readonly range: Range }
  | { readonly t: 'sequence'; readonly exprs: readonly Expr[]; readonly range: Range }
  /** `import(x)`, also `require(x)` of an unbound `require`, which waits for nothing. */
  | { readonly t: 'import'; readonly source: Expr; readonly required?: true; readonly range: Range }
  /** What JSX evaluates: the element's component (when it is a name), its attribute values, its children. */
  | {
      readonly t: 'jsx'
      readonly component?: Expr
      readonly props: readonly ObjectProp[]
      readonly children: readonly Expr[]
      readonly range: Range
    }
  /** Syntax that the form does not know. Its parts, when there are any, still run. */
  | { readonly t: 'opaque'; readonly what: string; readonly parts: readonly Expr[]; readonly range: Range }

export type Arg = Expr | { readonly t: 'spread'; readonly expr: Expr; readonly range: Range }

export type ObjectProp =
  | {
      readonly t: 'prop'
      readonly key: string | Expr
      readonly value: Expr
      /** Accessors keep their function in `value`. */
      readonly accessor?: 'get' | 'set'
      readonly range: Range
      readonly keyRange: Range
      readonly shorthand: boolean
    }
  | { readonly t: 'spread'; readonly expr: Expr; readonly range: Range }

// --- statements -----------------------------------------------------------------------------------------------------

export type Stmt =
  | { readonly t: 'expr'; readonly expr: Expr; readonly range: Range }
  /** One declarator. Function declarations become `declare` statements hoisted to the head of their block. */
  | {
      readonly t: 'declare'
      readonly pattern: Pattern
      readonly init?: Expr
      readonly kind: 'const' | 'let' | 'var' | 'using' | 'function' | 'class' | 'enum'
      readonly range: Range
      /** Of a variable, and of what is exported: all of the statement, with its `export`, where a comment may stand above. */
      readonly statement?: Range
    }
  | {
      readonly t: 'if'
      readonly test: Expr
      readonly then: readonly Stmt[]
      readonly else: readonly Stmt[]
      readonly range: Range
    }
  | { readonly t: 'switch'; readonly on: Expr; readonly cases: readonly SwitchCase[]; readonly range: Range }
  | {
      readonly t: 'loop'
      readonly kind: 'for' | 'while' | 'do' | 'of' | 'in'
      readonly init: readonly Stmt[]
      /** `for`, `while`, `do`: the condition; absent when there is none. */
      readonly test?: Expr
      /** `of`, `in`: what is iterated, and what each item is bound to. */
      readonly iterable?: Expr
      readonly item?: Pattern
      readonly update?: Expr
      readonly await: boolean
      readonly body: readonly Stmt[]
      readonly range: Range
    }
  | {
      readonly t: 'try'
      readonly body: readonly Stmt[]
      readonly param?: Pattern
      /** Absent when there is no `catch`. */
      readonly handler?: readonly Stmt[]
      readonly finalizer?: readonly Stmt[]
      readonly range: Range
    }
  | { readonly t: 'throw'; readonly expr: Expr; readonly range: Range }
  | { readonly t: 'return'; readonly expr?: Expr; readonly range: Range }
  | { readonly t: 'break'; readonly label?: string; readonly range: Range }
  | { readonly t: 'continue'; readonly label?: string; readonly range: Range }
  | { readonly t: 'block'; readonly body: readonly Stmt[]; readonly label?: string; readonly range: Range }

export interface SwitchCase {
  /** Absent for `default`. */
  readonly test?: Expr
  readonly body: readonly Stmt[]
}
