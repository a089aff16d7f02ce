"""Answers each line of standard input, a text in JSON, with what Ansible's INI plugin makes of it, as typed JSON.

The answer is {"error": name} where ast.literal_eval raises what the plugin does not catch or where regal-inventory refuses
the result, and the text itself where it raises what the plugin catches or where the result cannot be printed. It is {"beyond": text} for a TypeError of a
text that holds more than literals and names, the one case that parseLiteral does not tell from a text.
"""
import ast
import json
import sys
import warnings

from typed import Refused, Unfit, WrittenSet, typed


LITERAL = (ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Name, ast.expr_context,
           ast.UnaryOp, ast.UAdd, ast.USub, ast.BinOp, ast.Add, ast.Sub)


def is_beyond(node):
    """Tells whether anything but literals, names, signs and sums is in the tree."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "set":
        return bool(node.args or node.keywords)
    if isinstance(node, ast.Dict) and None in node.keys:
        return True
    return not isinstance(node, LITERAL) or any(map(is_beyond, ast.iter_child_nodes(node)))


def answer(text):
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    except Exception as problem:
        if isinstance(problem, TypeError) and is_beyond(ast.parse(text.lstrip(" \t"), mode="eval")):
            return {"beyond": text}
        return {"error": type(problem).__name__}
    try:
        return typed(value, plain=True)
    except Refused as problem:
        return {"error": str(problem)}
    except (Unfit, ValueError):
        return text


warnings.simplefilter("ignore")
ast.set = WrittenSet
for line in sys.stdin.buffer:
    written = json.dumps(answer(json.loads(line)), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(written.encode("utf-8", "surrogatepass") + b"\n")
