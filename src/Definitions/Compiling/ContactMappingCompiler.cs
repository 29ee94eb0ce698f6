using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Finds where the common contact model gets its items: from the fields' roles, from constants of the record, or from
/// codes by a mapping.
/// </summary>
internal sealed class ContactMappingCompiler(
    IReadOnlyList<Field> fields, DefinitionMap? written, DefinitionMap record,
    IReadOnlyDictionary<string, CodeMapping> mappings, MistakeLog log)
{
    /// <summary>The fixed column of every record table that holds the organisation number of the block.</summary>
    private const string UnitColumn = "unit";

    public ContactMapping? Compile()
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
            Unless = ReadUnless(),
        };
        written?.RefuseOtherKeys();

        if (start is null && written is null) return null;
        if (start is not null && serviceArea is not null)
        {
            return new ContactMapping(
                start, mapping.End, mapping.Unit, serviceArea, mapping.Kind, mapping.Funding, mapping.Municipality)
            {
                Unless = mapping.Unless,
            };
        }

        log.Add("DEF-020", record.At("contact"), "En kontakt skal ha både start og tjenesteområde.",
            "Gi et felt role: contact.start, og skriv contact: { serviceArea: … } eller gi et felt den rollen.");
        return null;
    }

    private MappedItem? Find(FieldRole role, string? key)
    {
        var item = key is null ? null : ReadWritten(key);
        var column = fields.LastOrDefault(field => field.Role == role)?.Column;
        if (item is not null && column is not null)
        {
            log.Add("DEF-020", record.At("contact"), $"«{key}» er gitt både i contact og av et felt.",
                "Behold ett av dem.");
        }

        return column is not null ? new MappedItem(column, null) : item;
    }

    private MappedItem? ReadWritten(string key)
    {
        var node = written?.Any(key);
        if (node is null) return null;
        if (node is YamlScalarNode) return written!.Text(key) is { } text ? new MappedItem(null, text) : null;
        var codes = new List<MappedCodes>();
        foreach (var item in node is YamlSequenceNode list ? list.Children : [node])
        {
            if (DefinitionMap.Of(item, log, $"koblingen av «{key}»") is not { } map) continue;
            var of = map.Text("of", isRequired: true) ?? "";
            var by = map.Text("by", isRequired: true) ?? "";
            map.RefuseOtherKeys();
            if (ColumnOf(of, map.At("of"), FieldType.Code, FieldType.Text) is not { } column) continue;
            if (mappings.TryGetValue(by, out var mapping))
            {
                codes.Add(new MappedCodes(column, mapping));
                continue;
            }

            log.Add("DEF-042", map.At("by"), $"Koblingen «{by}» finnes ikke i mappings.",
                CloseMatch.Advise(by, mappings.Keys));
        }

        return new MappedItem(null, null) { Codes = codes };
    }

    private List<ContactException> ReadUnless()
    {
        var exceptions = new List<ContactException>();
        var node = written?.Any("unless");
        foreach (var item in node is YamlSequenceNode list ? list.Children : node is null ? [] : [node])
        {
            if (item is YamlScalarNode { Value: { } path })
            {
                if (ColumnOf(path, item, FieldType.Boolean) is { } flag)
                    exceptions.Add(new ContactException(flag, null));
                continue;
            }

            if (DefinitionMap.Of(item, log, "«unless»") is not { } map) continue;
            var (of, code) = (map.Text("of", isRequired: true) ?? "", map.Text("is", isRequired: true));
            map.RefuseOtherKeys();
            if (ColumnOf(of, map.At("of"), FieldType.Code) is not { } column || code is null) continue;
            var known = fields.Last(field => field.Column == column).CodeList!;
            string[] codes = [.. known.Codes.Select(one => one.Value.Value)];
            exceptions.Add(new ContactException(column, code));
            if (!codes.Contains(code))
                log.Add("DEF-042", map.At("is"), $"«{code}» er ikke i {known.Id}.", CloseMatch.Advise(code, codes));
        }

        return exceptions;
    }

    private string? ColumnOf(string path, YamlNode at, params ReadOnlySpan<FieldType> types)
    {
        var field = fields.LastOrDefault(candidate => candidate.Path.TrimStart('/') == path);
        if (field?.Column is { } column && types.Contains(field.Type)) return column;
        log.Add("DEF-042", at, $"«{path}» er ikke et felt med egen kolonne som kan brukes her.",
            "Skriv stien til en kode eller en tekst, og for unless til et felt med true eller false.");
        return null;
    }
}
