using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Portal.Components;
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
    public string TypeInWords => Field.Type switch
    {
        FieldType.Text when Field.Pattern is { } pattern => $"Tekst etter mønsteret {pattern}",
        FieldType.Text => $"Tekst, {Bounds(Field.LengthMin, Field.LengthMax)} tegn",
        FieldType.Code => "Kode",
        FieldType.Integer => "Heltall" + Range,
        FieldType.Decimal => $"Desimaltall{Range}, høyst {Field.Decimals} desimaler",
        FieldType.Boolean => "Ja eller nei (true/false)",
        FieldType.Date => "Dato (åååå-mm-dd)",
        FieldType.DateTime => "Tidspunkt",
        FieldType.OrganizationNumber => "Organisasjonsnummer",
        FieldType.Municipality => "Kommunenummer",
        FieldType.UrbanDistrict => "Bydelsnummer",
        FieldType.HprNumber => "HPR-nummer",
        FieldType.Group => "Gruppe",
        FieldType.List => $"Liste, høyst {Norwegian.Number(Field.ItemsMax)}",
        FieldType.Person => "Personen det gjelder",
        FieldType.LocalPersonId => "Lokal person-id",
        FieldType.Fodselsnummer => "Fødselsnummer",
        FieldType.DNumber => "D-nummer",
        FieldType.HNumber => "H-nummer",
        FieldType.SharedHelpNumber => "Felles hjelpenummer",
        FieldType.DufNumber => "DUF-nummer",
        _ => Field.Type.ToString(),
    };

    private string Range => (Field.Min, Field.Max) switch
    {
        (null, null) => "",
        ({ } min, null) => $", minst {Text(min)}",
        (null, { } max) => $", høyst {Text(max)}",
        ({ } min, { } max) => $", {Text(min)}–{Text(max)}",
    };

    private static string Bounds(int min, int max) => min == max ? $"{max}" : min > 0 ? $"{min}–{max}" : $"høyst {max}";

    private static string Text(decimal value) =>
        value.ToString(CultureInfo.InvariantCulture).Replace('.', ',');
}
