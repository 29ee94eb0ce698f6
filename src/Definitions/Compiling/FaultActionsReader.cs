using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Reads <c>onFault</c>: one action for all faults, or one for each; what is not said has a default.</summary>
internal static class FaultActionsReader
{
    /// <summary>
    /// A message whose structure is wrong is refused; so is one whose required item has a bad code or value. An
    /// optional
    /// item with a bad code or value is left out and told about. An identifier that does not hold never refuses the
    /// record (R4.21).
    /// </summary>
    public static FaultActions Read(
        DefinitionMap map, FieldType type, FieldRole role, bool isRequired, MistakeLog log)
    {
        var value = FieldCompiler.IsIdentifier(type) || !isRequired ? FaultAction.SetNull : FaultAction.RejectMessage;
        var defaults = new FaultActions(FaultAction.RejectMessage, FaultAction.RejectMessage, value, value);

        var actions = map.Any("onFault") switch
        {
            null => defaults,
            YamlScalarNode when map.Choice("onFault", Words.Actions) is { } all => Everywhere(all),
            YamlMappingNode when map.Map("onFault", "onFault") is { } each => ReadEach(each, defaults, log),
            _ => defaults,
        };
        RefuseKeeping(actions, role, map, log);
        return actions;
    }

    // A value that cannot be read cannot be kept: to log it is to leave it out.
    private static FaultActions Everywhere(FaultAction action) =>
        new(action == FaultAction.Log ? FaultAction.SetNull : action, action, action, action);

    private static FaultActions ReadEach(DefinitionMap each, FaultActions defaults, MistakeLog log)
    {
        var actions = new FaultActions(
            each.Choice("type", Words.Actions) ?? defaults.Type,
            each.Choice("missing", Words.Actions) ?? defaults.Missing,
            each.Choice("code", Words.Actions) ?? defaults.Code,
            each.Choice("content", Words.Actions) ?? defaults.Content);
        each.RefuseOtherKeys();
        if (actions.Type == FaultAction.Log)
        {
            log.Add("DEF-005", each.At("type"), "En verdi av feil type kan ikke beholdes.",
                "Skriv type: null i onFault.");
        }

        return actions;
    }

    /// <summary>True when some fault leaves the record standing without the value, or with a bad one.</summary>
    public static bool MayLeaveOut(FaultActions actions)
    {
        FaultAction[] known = [actions.Type, actions.Missing, actions.Content];
        return known.Any(action => action >= FaultAction.DropRowOnly);
    }

    // Without its key a record cannot exist, and without its unit no one can answer for it.
    private static void RefuseKeeping(FaultActions actions, FieldRole role, DefinitionMap map, MistakeLog log)
    {
        if (role is not (FieldRole.Key or FieldRole.Unit) || !MayLeaveOut(actions)) return;
        log.Add("DEF-020", map.At("onFault"), "Nøkkel og enhet kan ikke utelates.",
            "Skriv required: true, og bruk rejectMessage eller dropRow.");
    }
}
