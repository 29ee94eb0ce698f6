using System.Text.Json;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Lays a column kept as Json out as tables, one for each kind of element that a rule asks for, without copying a text.
/// The Json is the reader's own: compact, sound, and no deeper than the definition.
/// </summary>
internal readonly ref struct JsonLayout
{
    private readonly Scene _scene;
    private readonly string _json;
    private readonly ReadOnlySpan<char> _text;

    private JsonLayout(Scene scene, string json)
    {
        _scene = scene;
        _json = json;
        _text = json;
    }

    /// <param name="top">The elements of the column.</param>
    public static void LayOut(Scene scene, Shape top)
    {
        Empty(scene, top);
        if (scene.Batch!.Columns[top.Column] is not ColumnVector<string> column) return;
        for (var row = 0; row < scene.Batch.Count; row++)
        {
            if (!column.IsNull(row)) new JsonLayout(scene, column[row]).ReadElements(0, top, row);
        }
    }

    private static void Empty(Scene scene, Shape shape)
    {
        scene.Emptied(shape);
        foreach (var child in shape.Children) Empty(scene, child);
    }

    // Each of these reads from a place and returns the place after it.
    private int ReadElements(int at, Shape shape, int parent)
    {
        if (_text[at] != '[') return ReadElement(at, shape, parent);
        at++;
        while (_text[at] != ']')
        {
            at = ReadElement(at, shape, parent);
            if (_text[at] == ',') at++;
        }

        return at + 1;
    }

    private int ReadElement(int at, Shape shape, int parent)
    {
        var element = _scene.TableOf(shape).Add(parent);
        foreach (var (_, slot) in shape.JsonItems) _scene.JsonCells(slot).Add(default);
        if (_text[at] != '{') return ReadItem(at, shape, element, []);
        at++;
        while (_text[at] != '}')
        {
            var end = EndOfString(at);
            var name = _text[(at + 1)..end];
            at = ReadProperty(end + 2, shape, element, name);
            if (_text[at] == ',') at++;
        }

        return at + 1;
    }

    private int ReadProperty(int at, Shape shape, int element, ReadOnlySpan<char> name)
    {
        foreach (var child in shape.Children)
        {
            if (name.SequenceEqual(child.Name)) return ReadElements(at, child, element);
        }

        return ReadItem(at, shape, element, name);
    }

    private int ReadItem(int at, Shape shape, int element, ReadOnlySpan<char> name)
    {
        var end = EndOfValue(at);
        foreach (var (item, slot) in shape.JsonItems)
        {
            if (name.SequenceEqual(item)) _scene.JsonCells(slot).Values[element] = ValueOf(at, end);
        }

        return end;
    }

    private Slice ValueOf(int at, int end)
    {
        if (_text[at] == 'n') return default;
        if (_text[at] != '"') return new Slice(_json, at, end - at);
        var inside = _text[(at + 1)..(end - 1)];
        return inside.Contains('\\')
            ? Slice.Of(JsonSerializer.Deserialize<string>(_text[at..end]))
            : new Slice(_json, at + 1, inside.Length);
    }

    private int EndOfValue(int at)
    {
        if (_text[at] == '"') return EndOfString(at) + 1;
        if (_text[at] is not ('{' or '['))
        {
            var length = _text[at..].IndexOfAny(',', '}', ']');
            return length < 0 ? _text.Length : at + length;
        }

        var depth = 0;
        while (true)
        {
            var letter = _text[at];
            if (letter == '"') at = EndOfString(at);
            else if (letter is '{' or '[') depth++;
            else if (letter is '}' or ']') depth--;
            at++;
            if (depth == 0) return at;
        }
    }

    // The closing quote of the string that opens here.
    private int EndOfString(int at)
    {
        at++;
        while (true)
        {
            at += _text[at..].IndexOfAny('"', '\\');
            if (_text[at] == '"') return at;
            at += 2;
        }
    }
}
