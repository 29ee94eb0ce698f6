using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Definitions.Model;

namespace Kilde.Quality.Checks;

/// <summary>Edits as senders can apply them: JSON Patch on the record, or the place in an XML file.</summary>
internal static class EditForm
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// JSON Patch (RFC 6902) whose document is the record itself: where it stands in the message only the sender knows.
    /// The first operation holds it against the local id.
    /// </summary>
    public static string Patch(RecordType record, RecordColumn column, string localId, string? was, string? becomes)
    {
        var edit = new JsonObject
        {
            ["op"] = becomes is null ? "remove" : was is null ? "add" : "replace",
            ["path"] = column.WirePath,
        };
        if (becomes is not null) edit["value"] = Value(column, becomes);
        var test = new JsonObject { ["op"] = "test", ["path"] = record.Key.Path, ["value"] = localId };
        return new JsonArray(test, edit).ToJsonString(Readable);
    }

    /// <summary>
    /// The item's place in any file that holds the record: by its ids, and whatever prefix the namespace has.
    /// </summary>
    /// <param name="isThere">False: an element that is missing has no place.</param>
    /// <returns>Null when it cannot be told so simply.</returns>
    public static string? XPath(RecordType record, RecordColumn column, string localId, bool isThere)
    {
        var xml = record.Xml!;
        var place = record.Columns.ToList().IndexOf(column);
        var ids = localId.Split('|');
        if (!isThere || xml.Columns[place].Source is not { } source || ids.Length != xml.Key.Count) return null;
        if (StepsTo(source.Node, xml.Node) is not { } steps) return null;
        var conditions = xml.Key.Zip(ids).Where(key => key.First.Node == xml.Node && !key.First.Item.IsText).ToList();
        if (conditions.Count == 0 || conditions.Exists(key => key.Second.Contains('\'', StringComparison.Ordinal)))
            return null;
        var found = string.Concat(conditions.Select(key => $"[@{key.First.Item.Name}='{key.Second}']"));
        var end = source.Item.IsText ? "" : $"/@{source.Item.Name}";
        return $"/{Step(xml.Node)}{found}{steps}{end}";
    }

    /// <summary>A value as the file writes it.</summary>
    public static string? InXml(RecordType record, RecordColumn column, string? value)
    {
        var source = record.Xml!.Columns[record.Columns.ToList().IndexOf(column)].Source;
        return source?.Item.IsCompactDate is true ? value?.Replace("-", "", StringComparison.Ordinal) : value;
    }

    private static string? StepsTo(XmlNode node, XmlNode record)
    {
        var steps = "";
        for (var at = node; at != record; at = at.Parent)
        {
            if (at.Parent is null) return null;
            steps = Step(at) + steps;
        }

        return steps;
    }

    private static string Step(XmlNode node) => $"/*[local-name()='{node.Name}']";

    private static JsonValue Value(RecordColumn column, string text) => column switch
    {
        { Kind: ColumnKind.Boolean } => JsonValue.Create(text == "true"),
        { Field.Wire: WireValue.Number }
            when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
