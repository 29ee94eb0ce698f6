using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Opens and closes what is repeated within a row: Json objects and elements of arrays.</summary>
internal sealed class XmlRowContent(XmlReadState state)
{
    public void OpenJson(NodePlan node, NodeState at)
    {
        var scope = state.Scopes[node.JsonRecord];
        var json = scope.Json;
        if (node.JsonSlot >= 0) scope.OpenJson(node.JsonSlot);
        scope.BoundJson();
        if (node.JsonSlot >= 0)
        {
            if (node.Text is null) json.WriteStartObject();
            return;
        }

        var parent = state.StateOf(node.Parent!);
        if (parent.OpenJsonChild != node)
        {
            if (parent.OpenJsonChild is not null) json.WriteEndArray();
            parent.OpenJsonChild = node.IsRepeated ? node : null;
            if (node.IsRepeated) json.WriteStartArray(node.JsonName);
            else if (node.Text is null) json.WritePropertyName(node.JsonName);
        }

        if (node.Text is null) json.WriteStartObject();
    }

    public void CloseJson(NodePlan node, NodeState at)
    {
        var json = state.Scopes[node.JsonRecord].Json;
        if (at.OpenJsonChild is not null) json.WriteEndArray();
        json.WriteEndObject();
    }

    public void ClearCells(NodePlan node, ArrayGroup arrays)
    {
        var cells = state.Scopes[arrays.Record].Arrays;
        foreach (var slot in node.ArraySlots) cells[slot]!.Clear();
    }

    public void EndArrayElement(NodePlan node, NodeState at, ArrayGroup arrays)
    {
        if (!node.IsArrayLeaf && !node.IsRepeated) return;
        if (node.Parent!.Arrays == arrays) state.StateOf(node.Parent).HasArrayElement = true;
        if (at.IsDropped || (!node.IsArrayLeaf && at.HasArrayElement)) return;
        state.Scopes[arrays.Record].AppendArrays(arrays);
    }
}
