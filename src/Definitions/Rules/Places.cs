using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Tells where in the message a rule was broken, in the sender's own words: <c>/Melding/Institusjon[@institusjonID=…]/
/// Objektholder[180]/Episode[@episodeID=…]/@utDatoTid (linje 2041)</c>. An element has its own id or its number among
/// its siblings; the line is that of the record. Local ids only; a patient number is never told.
/// </summary>
/// <param name="record">Null for rules about the message itself or its reporting units.</param>
internal sealed class Places(MessageType type, RecordType? record)
{
    public string Of(Table subjects, int subject, Operand? place)
    {
        if (record is null)
            return place?.Item is UnitItem ? subjects.Scene.Message.Units[subject].Place : OfMessage(place);
        var batch = subjects.Scene.Batch!;
        var row = subjects.RowOf(subject);
        var (inside, number) = Inside(subjects, subject, place, isNumbered: batch.Places?.HasGaps(row) != true);
        if (record.Xml is not { } xml)
            return PlaceText.With(With($"/{record.WireName}[{Quoted(batch.LocalIds[row])}]", inside), line: 0, number);

        var path = place?.Item is ColumnItem { IsApart: true, Column: var column }
            && xml.Columns[column].Source is var (node, item)
            ? With(OfNode(batch, row, xml, node), item.IsText ? "" : $"@{item.Name}")
            : With(OfNode(batch, row, xml, xml.Node), inside);
        return PlaceText.With(path, batch.Places?.LineOf(row) ?? 0, number);
    }

    private string OfMessage(Operand? place)
    {
        if (type.Xml is not { } xml) return "/";
        if (place is not null && xml.Envelope.Items.TryGetValue(MessagePaths.NameOf(place.Path), out var item))
            return item.Item.IsText ? item.Node.Path : $"{item.Node.Path}/@{item.Item.Name}";
        return xml.Envelope.Contacts?.Node.Path ?? xml.Root.Path;
    }

    private string OfNode(RecordBatch batch, int row, XmlRecord xml, XmlNode node)
    {
        var path = new StringBuilder();
        var parts = record!.IsKeyedByPerson ? [] : batch.LocalIds[row].Split('|');
        var levels = Ancestry(xml.Node).Where(above => above.IsRepeated).ToList();
        foreach (var step in Ancestry(node))
        {
            var level = levels.IndexOf(step);
            var position = level < 0 ? 0 : batch.Places?.PositionOf(row, level) ?? 0;
            var (by, id) = IdOf(batch, row, xml, step, parts);
            path.Append('/').Append(PlaceText.Step(step, by, id, position));
        }

        return path.ToString();
    }

    // Its own part of the key, or the reporting unit.
    private static (XmlItem? By, string? Id) IdOf(
        RecordBatch batch, int row, XmlRecord xml, XmlNode node, string[] parts)
    {
        for (var i = 0; i < xml.Key.Count && parts.Length == xml.Key.Count; i++)
        {
            var item = xml.Key[i];
            if (item.Node == node && item.Item is { IsIdentifier: false, IsText: false }) return (item.Item, parts[i]);
        }

        return xml.Unit.Node == node && !xml.Unit.Item.IsText
            ? (xml.Unit.Item, batch.Institutions?[row])
            : (null, null);
    }

    // From the record to the value, with the number of each repeated element on the way, if the numbers are right.
    private static (string Path, int Number) Inside(Table subjects, int subject, Operand? place, bool isNumbered)
    {
        var isOwn = place?.Item is not (null or UnitItem or MessageItem);
        var (table, element) = (subjects, subject);
        while (isOwn && !place!.IsRepeated && table.Shape != place.Item.Home)
            (table, element) = (table.Scene.TableOf(table.Shape.Parent!), table.Parents[element]);
        var steps = Steps(table, element, isNumbered);
        var path = isOwn ? With(steps, place!.Path[table.Shape.Path.Length..].TrimStart('/')) : steps;

        // Of elements within repeated ones that are kept as one list, only the number in the list is known.
        return (path, table.Shape.IsFlattened && isNumbered ? table.NumberOf(element) : 0);
    }

    private static string Steps(Table table, int element, bool isNumbered)
    {
        if (table.Shape.Parent is not { } parent) return "";
        var above = Steps(table.Scene.TableOf(parent), table.Parents[element], isNumbered);
        var own = With(above, table.Shape.Path[parent.Path.Length..].TrimStart('/'));
        return table.Shape.IsRepeated && isNumbered ? $"{own}[{table.NumberOf(element)}]" : own;
    }

    private static string With(string path, string below) =>
        path.Length > 0 && below.Length > 0 ? $"{path}/{below}" : path + below;

    private static List<XmlNode> Ancestry(XmlNode node)
    {
        var all = new List<XmlNode>();
        for (XmlNode? at = node; at is not null; at = at.Parent) all.Add(at);
        all.Reverse();
        return all;
    }

    private static string Quoted(string id) => IdentifierInText.IsIn(id) ? "'***'" : $"'{id}'";
}
