using Kilde.Definitions.Model;
using Kilde.Portal.Shell;

namespace Kilde.Portal.MessageTypes;

/// <summary>One line of the field list: a field and how deep it lies.</summary>
/// <param name="Depth">0 for an item of the record itself.</param>
public sealed record FieldRow(Field Field, int Depth)
{
    /// <summary>All fields, parents before what they hold.</summary>
    public static IEnumerable<FieldRow> Flatten(IEnumerable<Field> fields, int depth = 0) =>
        fields.SelectMany(field => Flatten(field.Fields, depth + 1).Prepend(new FieldRow(field, depth)));

    /// <summary>The type with its limits, in words.</summary>
    public string TypeIn(Texts texts) => Field.Type switch
    {
        FieldType.Text when Field.Pattern is { } pattern => texts["fieldType.Text.pattern", pattern],
        FieldType.Text => texts["fieldType.Text", Bounds(texts, Field.LengthMin, Field.LengthMax)],
        FieldType.Integer => texts["fieldType.Integer"] + Range(texts),
        FieldType.Decimal => texts["fieldType.Decimal", Range(texts), Field.Decimals],
        FieldType.List => texts["fieldType.List", Field.ItemsMax],
        var type => texts.Find($"fieldType.{type}") ?? type.ToString(),
    };

    private string Range(Texts texts) => (Field.Min, Field.Max) switch
    {
        (null, null) => "",
        ({ } min, null) => texts["fieldType.least", texts.Of(min)],
        (null, { } max) => texts["fieldType.most", texts.Of(max)],
        ({ } min, { } max) => $", {texts.Of(min)}–{texts.Of(max)}",
    };

    private static string Bounds(Texts texts, int min, int max) =>
        min == max ? $"{max}" : min > 0 ? $"{min}–{max}" : texts["fieldType.upTo", max];
}
