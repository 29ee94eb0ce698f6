using System.Collections.Frozen;
using Kilde.Kernel;

namespace Kilde.Quality.Contacts;

/// <summary>What the contact types are called wherever people read of them: the list (8471) has other words.</summary>
public static class ContactTypeNames
{
    private static readonly FrozenDictionary<ContactType, LocalizedText> Names =
        new Dictionary<ContactType, LocalizedText>
        {
            [ContactType.Production] = new("Teknisk produksjon", "Teknisk produksjon", "Technical production"),
            [ContactType.Somatic] = new("Somatikk", "Somatikk", "Somatic care"),
            [ContactType.AdultMentalHealth] = new(
                "Psykisk helsevern for voksne", "Psykisk helsevern for vaksne", "Mental health care for adults"),
            [ContactType.ChildMentalHealth] = new(
                "Psykisk helsevern for barn og unge", "Psykisk helsevern for barn og unge",
                "Mental health care for children and adolescents"),
            [ContactType.Vendor] = new(
                "Leverandør av fagsystem", "Leverandør av fagsystem", "Vendor of the EHR system"),
            [ContactType.Municipal] = new("Kontakt for IPLOS", "Kontakt for IPLOS", "Contact for IPLOS"),
            [ContactType.MunicipalSubmitter] = new(
                "Ansvarlig for innsending av IPLOS", "Ansvarleg for innsending av IPLOS",
                "Responsible for submitting IPLOS"),
        }.ToFrozenDictionary();

    /// <summary>Null for a number that is no type.</summary>
    public static LocalizedText? Find(ContactType type) => Names.GetValueOrDefault(type);

    /// <summary>The number with its name, within a sentence: <c>16 «Kontakt for IPLOS»</c>.</summary>
    internal static LocalizedText Quoted(ContactType type) => Find(type) is { } name
        ? new LocalizedText(
            $"{(int)type} «{name.Nb}»", $"{(int)type} «{name.Nn}»", $"{(int)type} “{name.En}”")
        : new LocalizedText($"{(int)type}", $"{(int)type}", $"{(int)type}");
}
