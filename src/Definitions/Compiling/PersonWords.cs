using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Words that show an item to be a name, an address or a way to reach a person; none has a place (R4.04).
/// </summary>
public static class PersonWords
{
    private static readonly string[] Names =
    [
        "fornavn", "etternavn", "mellomnavn", "personnavn", "pasientnavn", "barnetsnavn", "firstname", "lastname",
        "surname",
    ];

    private static readonly string[] Anywhere =
        ["adresse", "address", "gatenavn", "postnr", "postnummer", "poststed", "telefon", "mobilnr", "epost", "email"];

    /// <summary>
    /// True when the name of an item tells that it holds a name, an address, a telephone number or e-mail.
    /// </summary>
    public static bool IsSuspect(string wireName) =>
        IsOfPerson(wireName) || Contains(wireName, "navn")
        || wireName.Equals("name", StringComparison.OrdinalIgnoreCase);

    internal static void Refuse(string name, YamlNode at, FieldType type, TextUse use, MistakeLog log)
    {
        var isMasterData = use == TextUse.LocalName || type is FieldType.Code;
        if (!IsOfPerson(name) && (isMasterData || !IsSuspect(name))) return;
        log.Add("DEF-013", at,
            $"«{name}» ser ut til å være et navn eller en adresse. Slikt har ikke plass i registeret.",
            "Ta feltet bort. Er det avsenderens navn på en enhet, skriv use: localName.");
    }

    private static bool IsOfPerson(string name) =>
        Names.Any(word => Contains(name, word)) || Anywhere.Any(word => Contains(name, word));

    private static bool Contains(string name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
