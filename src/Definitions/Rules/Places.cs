using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Tells where in the message a rule was broken, in the sender's own words: <c>/Melding/Institusjon[@institusjonID=…]/
/// Objektholder/Episode[@episodeID=…]/@utDatoTid</c>. Local ids only; a patient number is never told.
/// </summary>
/// <param name="record">Null for rules about the message itself or its reporting units.</param>
internal sealed class Places(MessageType type, RecordType? record)
{
    public string Of(Table subjects, int subject, Operand? place)
    {
        if (record is null)
            return place?.Item is UnitItem ? subjects.Scene.Message.Units[subject].Place : OfMessage(place);
        var row = subjects.RowOf(subject);
        var localId = subjects.Scene.Batch!.LocalIds[row];
        var path = new StringBuilder();
        if (record.Xml is { } xml) AppendNodes(path, xml, localId);
        else path.Append('/').Append(record.WireName).Append('[').Append(Quoted(localId)).Append(']');

        var inside = place?.Item is null or UnitItem or MessageItem ? subjects.Shape.Path : place.Path;
        if (inside.Length > 0) path.Append('/').Append(inside);
        if (subjects.Shape.Parent is not null) path.Append(" (nr. ").Append(subjects.OrdinalOf(subject)).Append(')');
        return path.ToString();
    }

    private string OfMessage(Operand? place)
    {
        if (type.Xml is not { } xml) return "/";
        if (place is not null && xml.Envelope.Items.TryGetValue(MessagePaths.NameOf(place.Path), out var item))
            return item.Item.IsText ? item.Node.Path : $"{item.Node.Path}/@{item.Item.Name}";
        return xml.Envelope.Contacts?.Node.Path ?? xml.Root.Path;
    }

    private void AppendNodes(StringBuilder path, XmlRecord xml, string localId)
    {
        var parts = record!.IsKeyedByPerson ? [] : localId.Split('|');
        foreach (var node in Ancestry(xml.Node))
        {
            path.Append('/').Append(node.Name);
            for (var i = 0; i < xml.Key.Count && parts.Length == xml.Key.Count; i++)
            {
                if (xml.Key[i].Node != node || xml.Key[i].Item.IsIdentifier) continue;
                path.Append("[@").Append(xml.Key[i].Item.Name).Append('=').Append(Quoted(parts[i])).Append(']');
            }
        }
    }

    private static List<XmlNode> Ancestry(XmlNode node)
    {
        var all = new List<XmlNode>();
        for (XmlNode? at = node; at is not null; at = at.Parent) all.Add(at);
        all.Reverse();
        return all;
    }

    private static string Quoted(string id) => IdentifierInText.IsIn(id) ? "'***'" : $"'{id}'";
}
