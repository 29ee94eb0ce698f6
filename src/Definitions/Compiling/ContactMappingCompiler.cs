using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Finds where the common contact model gets its items: from the fields' roles, or constants of the record.
/// </summary>
internal static class ContactMappingCompiler
{
    /// <summary>The fixed column of every record table that holds the organisation number of the block.</summary>
    private const string UnitColumn = "unit";

    public static ContactMapping? Compile(
        IReadOnlyList<Field> fields, DefinitionMap? constants, DefinitionMap map, MistakeLog log)
    {
        var start = Find(FieldRole.ContactStart, null);
        var serviceArea = Find(FieldRole.ContactServiceArea, "serviceArea");
        var mapping = new
        {
            End = Find(FieldRole.ContactEnd, null),
            Unit = Find(FieldRole.ContactUnit, null) ?? new MappedItem(UnitColumn, null),
            Kind = Find(FieldRole.ContactKind, "kind"),
            Funding = Find(FieldRole.ContactFunding, "funding"),
            Municipality = Find(FieldRole.ContactMunicipality, null),
        };
        constants?.RefuseOtherKeys();

        if (start is null && constants is null) return null;
        if (start is not null && serviceArea is not null)
        {
            return new ContactMapping(
                start, mapping.End, mapping.Unit, serviceArea, mapping.Kind, mapping.Funding, mapping.Municipality);
        }

        log.Add("DEF-020", map.At("contact"), "En kontakt skal ha både start og tjenesteområde.",
            "Gi et felt role: contact.start, og skriv contact: { serviceArea: … } eller gi et felt den rollen.");
        return null;

        MappedItem? Find(FieldRole role, string? constantKey)
        {
            var constant = constantKey is null ? null : constants?.Text(constantKey);
            var column = fields.LastOrDefault(field => field.Role == role)?.Column;
            if (constant is not null && column is not null)
            {
                log.Add("DEF-020", map.At("contact"), $"«{constantKey}» er gitt både som konstant og av et felt.",
                    "Behold ett av dem.");
            }

            if (constant is null && column is null) return null;
            return column is not null ? new MappedItem(column, null) : new MappedItem(null, constant);
        }
    }
}
