using System.Collections.Frozen;
using System.Xml;
using Kilde.Definitions.Checks;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;
using Kilde.Definitions.Rules;
using Kilde.Kernel;

namespace Kilde.Definitions;

/// <summary>All message types of the folder <c>definitions/</c>, with a reader for each.</summary>
public sealed class DefinitionCatalogue
{
    private readonly FrozenDictionary<(string Name, string Version), MessageReader> _readers;
    private readonly FrozenDictionary<(string Namespace, string Root), XmlMessageReader> _xmlReaders;

    private readonly FrozenDictionary<MessageType, RuleSet> _ruleSets;

    private DefinitionCatalogue(DefinitionCheck check, byte[] fingerprint)
    {
        MessageTypes = check.MessageTypes;
        CodeLists = check.CodeLists;
        RuleSets = check.RuleSets;
        CodeSystems = check.CodeSystems;
        SensitiveClasses = check.SensitiveClasses;
        Views = check.Views;
        Checks = check.Checks;
        Figures = check.Figures;
        Scores = check.Scores;
        Eligibilities = check.Eligibilities;
        _ruleSets = RuleSets.ToFrozenDictionary(rules => rules.Type);
        _readers = MessageTypes.Where(type => type.Format == WireFormat.Json)
            .ToFrozenDictionary(
                type => (type.Name, type.Version), type => new MessageReader(type, RulesOf(type), CodeSystems));
        _xmlReaders = MessageTypes.Where(type => type.Xml is not null)
            .ToFrozenDictionary(
                type => (type.Xml!.Namespace, type.Xml.Root.Name), type => new XmlMessageReader(type, fingerprint));
    }

    public IReadOnlyList<MessageType> MessageTypes { get; }

    public IReadOnlyList<CodeList> CodeLists { get; }

    /// <summary>The content rules of each type that has some.</summary>
    public IReadOnlyList<RuleSet> RuleSets { get; }

    /// <summary>The medical code systems, with the codes this installation has.</summary>
    public CodeSystemCatalogue CodeSystems { get; }

    /// <summary>Kinds of information that are held apart.</summary>
    public IReadOnlyList<SensitiveClass> SensitiveClasses { get; }

    /// <summary>Records of several tables in one shape.</summary>
    public IReadOnlyList<RecordView> Views { get; }

    /// <summary>What is checked of all that the register holds.</summary>
    public IReadOnlyList<Check> Checks { get; }

    /// <summary>What reporting units get back of their own, in the order it is shown.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>What several scored items come to together, as functions that checks and figures may call.</summary>
    public IReadOnlyList<Score> Scores { get; }

    /// <summary>Which records are used in statistics, and what leaves the others out.</summary>
    public IReadOnlyList<Eligibility> Eligibilities { get; }

    /// <summary>A check that is not installed, for whoever tries one before it counts.</summary>
    /// <exception cref="DefinitionException">The file has mistakes.</exception>
    public Check ReadCheck(string file)
    {
        var mistakes = new List<DefinitionMistake>();
        return DefinitionChecker.CheckOf(file, Views, CodeLists, mistakes) ?? throw new DefinitionException(mistakes);
    }

    /// <summary>Null when the type has no rules.</summary>
    public RuleSet? RulesOf(MessageType type) => _ruleSets.GetValueOrDefault(type);

    public MessageType? Find(string name, string version) =>
        MessageTypes.FirstOrDefault(type => type.Name == name && type.Version == version);

    /// <summary>True when activity of the year may be sent as some version of the type.</summary>
    public bool TakesYear(string name, DataYear year) =>
        MessageTypes.Any(type => type.Name == name && type.TakesDataYear(year.Year, DateOnly.MaxValue));

    /// <summary>Null when there is no such type, or it is not JSON.</summary>
    public MessageReader? FindReader(string name, string version) => _readers.GetValueOrDefault((name, version));

    /// <summary>Null when there is no such type, or it is not XML.</summary>
    public XmlMessageReader? FindXmlReader(string name, string version) =>
        _xmlReaders.Values.FirstOrDefault(reader => reader.Type.Name == name && reader.Type.Version == version);

    /// <summary>A hardened reader for whoever unwraps an envelope before giving the message to
    /// <see cref="OpenXml(XmlReader, ReadOptions)"/>.</summary>
    public static XmlReader ReadXml(Stream content) => XmlInput.Of(content).Xml;

    /// <summary>
    /// Finds the type by the root's name and namespace, and begins to read. The rows pass the type's content rules.
    /// </summary>
    /// <param name="content">Read forward only, and not closed.</param>
    public XmlOpening OpenXml(Stream content, ReadOptions options)
    {
        var input = XmlInput.Of(content);
        return input.MoveToRoot() is { } refusal ? new XmlOpening(null, refusal) : Open(input, options);
    }

    /// <summary>As above, for a reader that stands on the message's root.</summary>
    /// <param name="reader">
    /// Of <see cref="XmlInput.Envelope"/> or <see cref="ReadXml"/>. Stands after the message when it is read, unless
    /// the reading <see cref="MessageReading.IsBroken"/>.
    /// </param>
    public XmlOpening OpenXml(XmlReader reader, ReadOptions options) => Open(XmlInput.Of(reader), options);

    private XmlOpening Open(XmlInput input, ReadOptions options)
    {
        if (_xmlReaders.TryGetValue((input.Xml.NamespaceURI, input.Xml.LocalName), out var reader))
            return new XmlOpening(Ruled(reader.Open(input, options), options), null);
        var rule = ReadingRules.UnknownMessage;
        var text = string.Format(rule.Text, "", "").TrimEnd();
        return new XmlOpening(null, new Finding(rule.Id, rule.Severity, "", text));
    }

    private MessageReading Ruled(MessageReading reading, ReadOptions options) =>
        options.HoldsRules && RulesOf(reading.Type) is { } rules
            ? new RuledReading(reading, rules, CodeSystems, options)
            : reading;

    public MessageReader ReaderOf(MessageType type) => _readers[(type.Name, type.Version)];

    /// <summary>
    /// Reads and compiles every definition. Throws <see cref="DefinitionException"/> with all mistakes when there
    /// are any.
    /// </summary>
    /// <param name="folder">
    /// The folder that holds <c>messages/</c>, <c>code-lists/</c>, <c>mappings/</c>, <c>code-systems/</c>,
    /// <c>sensitive/</c>, <c>rules/</c>, <c>views/</c>, <c>checks/</c>, <c>figures/</c>,
    /// <c>scores/</c> and <c>eligibility/</c>.
    /// </param>
    /// <param name="codes">
    /// The folder with the codes of medical code systems (<see cref="CodeFile"/>). Only their forms are known when it
    /// is left out or empty.
    /// </param>
    public static DefinitionCatalogue Load(string folder, string? codes = null)
    {
        var check = DefinitionChecker.Check(folder, codes);
        return check.IsSound
            ? new DefinitionCatalogue(check, DefinitionFingerprint.Of(folder, codes))
            : throw new DefinitionException(check.Mistakes);
    }
}
